import ClusterAPI

extension StructuralSchemaRules {
    mutating func checkExtensions(_ schema: JSONValue, _ path: String) {
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            append(.invalid("\(path).x-kubernetes-preserve-unknown-fields", false, "must be true or undefined"))
        }
        guard let mapType = schema["x-kubernetes-map-type"]?.string else { return }
        checkType(schema, path, is: "object", because: "x-kubernetes-map-type is specified")
        if !["atomic", "granular"].contains(mapType) {
            let known = ["atomic", "granular"]
            append(.notSupported("\(path).x-kubernetes-map-type", .string(mapType), known))
        }
    }

    private mutating func checkType(_ schema: JSONValue, _ path: String, is wanted: String, because why: String) {
        let type = schema["type"]?.string ?? ""
        guard type != wanted else { return }
        let detail = "must be \(wanted) if \(why)"
        append(type.isEmpty ? .required("\(path).type", detail) : .invalid("\(path).type", .string(type), detail))
    }

    mutating func checkList(_ schema: JSONValue, _ path: String) {
        let listType = schema["x-kubernetes-list-type"]?.string
        let keys = (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
        if let listType {
            checkType(schema, path, is: "array", because: "x-kubernetes-list-type is specified")
            let known = ["atomic", "set", "map"]
            if !known.contains(listType) {
                append(.notSupported("\(path).x-kubernetes-list-type", .string(listType), known))
            }
        }
        if !keys.isEmpty, listType != "map" {
            let why = "must be map if x-kubernetes-list-map-keys is non-empty"
            let field = "\(path).x-kubernetes-list-type"
            append(listType.map { .invalid(field, .string($0), why) } ?? .required(field, why))
        }
        switch listType {
        case "set": checkSet(schema, path)
        case "map": checkMap(schema, path, keys)
        default: break
        }
    }

    /// Elements of a set belong to their owners as a whole.
    private mutating func checkSet(_ schema: JSONValue, _ path: String) {
        guard let items = schema["items"] else { return }
        let why = "must be atomic as item of a list with x-kubernetes-list-type=set"
        switch items["type"]?.string {
        case "array":
            if let inner = items["x-kubernetes-list-type"], inner != "atomic" {
                append(.invalid("\(path).items.x-kubernetes-list-type", inner, why))
            }
        case "object":
            let inner = items["x-kubernetes-map-type"] ?? "null"
            if inner != "atomic" { append(.invalid("\(path).items.x-kubernetes-map-type", inner, why)) }
        default: break
        }
        checkNotNullable(items, "\(path).items", "when x-kubernetes-list-type is set")
    }

    private mutating func checkNotNullable(_ schema: JSONValue, _ path: String, _ when: String) {
        if schema["nullable"]?.bool == true { append(.forbidden("\(path).nullable", "cannot be nullable \(when)")) }
    }

    private mutating func checkMap(_ schema: JSONValue, _ path: String, _ keys: [String]) {
        let field = "\(path).x-kubernetes-list-map-keys"
        if keys.isEmpty { append(.required(field, "must not be empty if x-kubernetes-list-type is map")) }
        guard let items = schema["items"], items.object != nil else {
            if schema["items"] == nil {
                append(.required("\(path).items", "must have a schema if x-kubernetes-list-type is map"))
            }
            return
        }
        let type = items["type"]?.string ?? ""
        if type != "object" {
            let why = "must be object if parent array's x-kubernetes-list-type is map"
            append(.invalid("\(path).items.type", .string(type), why))
        } else {
            checkKeys(keys, items, path)
        }
        checkNotNullable(items, "\(path).items", "when x-kubernetes-list-type is map")
        let required = Set((items["required"]?.array ?? []).compactMap(\.string))
        for key in keys {
            guard let property = items["properties"]?[key] else { continue }
            let place = "\(path).items.properties[\(key)]"
            if !required.contains(key), property["default"] ?? .null == .null {
                let why =
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                    + " property"
                append(.required("\(place).default", why))
            }
            if property["nullable"]?.bool == true {
                let why = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"
                append(.forbidden("\(place).nullable", why))
            }
        }
    }

    private mutating func checkKeys(_ keys: [String], _ items: JSONValue, _ path: String) {
        let field = "\(path).x-kubernetes-list-map-keys"
        let list = "Invalid value: []string{" + keys.map(JSONValue.quoted).joined(separator: ", ") + "}: "
        var seen: Set<String> = []
        for key in keys {
            if let property = items["properties"]?[key] {
                if ["array", "object"].contains(property["type"]?.string) {
                    let why = "must be a scalar type if parent array's x-kubernetes-list-type is map"
                    append(.invalid("\(path).items.properties[\(key)].type", items["type"] ?? "", why))
                }
            } else {
                let body = list + "entries must all be names of item properties"
                append(FieldError(kind: .invalid, field: field, body: body))
            }
            if !seen.insert(key).inserted {
                append(FieldError(kind: .invalid, field: field, body: list + "must not contain duplicate entries"))
            }
        }
    }
}
