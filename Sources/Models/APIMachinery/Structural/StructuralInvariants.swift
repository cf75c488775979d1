import ClusterAPI

/// That a schema is structural: the structure stands outside of `allOf`, `anyOf`, `oneOf` and `not`, and everything
/// that these speak of is in it.
struct StructuralInvariants {
    private var errors: [FieldError] = []

    private enum Level: String {
        case root = "at the root"
        case item = "for specified array items"
        case field = "for specified object fields"
    }

    /// In the order of their texts, as the real server sorts them.
    static func errors(in schema: JSONValue, at path: String) -> [FieldError] {
        var invariants = StructuralInvariants()
        invariants.check(schema, .root, path)
        invariants.checkCompleteness(of: schema, schema, path, path)
        return invariants.errors.sorted { $0.text < $1.text }
    }

    private mutating func check(_ schema: JSONValue, _ level: Level, _ path: String) {
        let type = schema["type"]?.string ?? ""
        let isEmbedded = schema["x-kubernetes-embedded-resource"]?.bool == true
        let isIntOrString = schema["x-kubernetes-int-or-string"]?.bool == true
        let preserves = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
        if let items = schema["items"] {
            // A list of schemas is none that can be looked at.
            if items.object != nil { check(items, .item, "\(path).items") }
        } else if type == "array" {
            errors.append(.required("\(path).items", "must be specified"))
        }
        for (name, property) in schema["properties"]?.object ?? [:] {
            check(property, .field, "\(path).properties[\(name)]")
        }
        if let additional = schema["additionalProperties"] {
            let field = "\(path).additionalProperties"
            if level == .root { errors.append(.forbidden(field, "must not be used at the root")) }
            if isEmbedded {
                errors.append(.forbidden(field, "must not be used if x-kubernetes-embedded-resource is set"))
            }
            if additional.object != nil { check(additional, .field, field) }
        }
        if isIntOrString {
            let why = "must be false if x-kubernetes-int-or-string is true"
            for (name, isSet) in [("preserve-unknown-fields", preserves), ("embedded-resource", isEmbedded)] where isSet
            {
                errors.append(.invalid("\(path).x-kubernetes-\(name)", true, why))
            }
        }
        checkJunctions(schema, path)
        if isEmbedded, type != "object" {
            let why = "must be object if x-kubernetes-embedded-resource is true"
            errors.append(
                type.isEmpty ? .required("\(path).type", why) : .invalid("\(path).type", .string(type), why))
        } else if type.isEmpty, !isIntOrString, !preserves {
            errors.append(.required("\(path).type", "must not be empty \(level.rawValue)"))
        }
        if level == .root, !type.isEmpty, type != "object" {
            errors.append(.invalid("\(path).type", .string(type), "must be object at the root"))
        }
        if level == .root || isEmbedded { checkMeta(schema, level, path) }
        if isEmbedded, !preserves, schema["properties"]?.object?.isEmpty != false {
            let why =
                "must not be empty if x-kubernetes-embedded-resource is true without"
                + " x-kubernetes-preserve-unknown-fields"
            errors.append(.required("\(path).properties", why))
        }
    }

    private mutating func checkMeta(_ schema: JSONValue, _ level: Level, _ path: String) {
        for (name, wanted) in [("kind", "string"), ("apiVersion", "string"), ("metadata", "object")] {
            guard let property = schema["properties"]?[name] else { continue }
            let type = property["type"]?.string ?? ""
            if type != wanted {
                errors.append(
                    .invalid("\(path).properties[\(name)].type", .string(type), "must be \(wanted)"))
            }
        }
        guard level == .root, var members = schema["properties"]?["metadata"]?.object else { return }
        members["type"] = nil
        members["default"] = nil
        if let names = members["properties"]?.object?.keys, names.allSatisfy({ ["name", "generateName"].contains($0) })
        {
            members["properties"] = nil
        }
        guard !members.isEmpty else { return }
        let why = "must not specify anything other than name and generateName, but metadata is implicitly specified"
        errors.append(.forbidden("\(path).properties[metadata]", why))
    }

    private static let intOrString: JSONValue = [["type": "integer"], ["type": "string"]]

    /// The parts of a schema that only check.
    private mutating func checkJunctions(_ schema: JSONValue, _ path: String, mayBeIntOrString: Bool = true) {
        let isPattern = mayBeIntOrString && schema["anyOf"] == Self.intOrString
        for junction in ["anyOf", "allOf", "oneOf"] where junction != "anyOf" || !isPattern {
            for (index, part) in (schema[junction]?.array ?? []).enumerated() {
                let isFirstOfAll = mayBeIntOrString && junction == "allOf" && index == 0
                checkNested(part, "\(path).\(junction)[\(index)]", mayBeIntOrString: isFirstOfAll)
            }
        }
        if let not = schema["not"], not != .null { checkNested(not, "\(path).not") }
        guard let pattern = schema["pattern"]?.string, !pattern.isEmpty else { return }
        do {
            _ = try LinearPattern(pattern)
        } catch {
            let why = "must be a valid regular expression, but isn't: \(error)"
            errors.append(.invalid("\(path).pattern", .string(pattern), why))
        }
    }

    private static let forbiddenBelow: [(name: String, why: String)] = [
        ("type", "must be empty"), ("additionalProperties", "must be undefined"), ("default", "must be undefined"),
        ("title", "must be empty"), ("description", "must be empty"), ("nullable", "must be false"),
        ("x-kubernetes-preserve-unknown-fields", "must be false"), ("x-kubernetes-embedded-resource", "must be false"),
        ("x-kubernetes-int-or-string", "must be false"), ("x-kubernetes-list-map-keys", "must be empty"),
        ("x-kubernetes-list-type", "must be undefined"), ("x-kubernetes-map-type", "must be undefined"),
    ]

    private mutating func checkNested(_ schema: JSONValue, _ path: String, mayBeIntOrString: Bool = false) {
        checkJunctions(schema, path, mayBeIntOrString: mayBeIntOrString)
        if let items = schema["items"], items.object != nil { checkNested(items, "\(path).items") }
        for (name, property) in schema["properties"]?.object ?? [:] {
            checkNested(property, "\(path).properties[\(name)]")
        }
        for (name, why) in Self.forbiddenBelow {
            guard let value = schema[name], ![.null, "", false, []].contains(value) || name == "additionalProperties"
            else { continue }
            errors.append(.forbidden("\(path).\(name)", "\(why) to be structural"))
        }
        if schema["properties"]?["metadata"] != nil {
            errors.append(.forbidden("\(path).properties[metadata]", "must not be specified in a nested context"))
        }
    }

    /// `values` only checks what `structure` describes.
    private mutating func checkCompleteness(
        of values: JSONValue, _ structure: JSONValue?, _ place: String, _ path: String
    ) {
        for junction in ["allOf", "anyOf", "oneOf"] {
            for (index, part) in (values[junction]?.array ?? []).enumerated() {
                checkNestedCompleteness(of: part, structure, place, "\(path).\(junction)[\(index)]")
            }
        }
        if let not = values["not"], not != .null { checkNestedCompleteness(of: not, structure, place, "\(path).not") }
    }

    private mutating func checkNestedCompleteness(
        of values: JSONValue, _ structure: JSONValue?, _ place: String, _ path: String
    ) {
        guard let structure else {
            errors.append(.required(place, "because it is defined in \(path)"))
            return
        }
        checkCompleteness(of: values, structure, place, path)
        if let items = values["items"], items.object != nil {
            checkNestedCompleteness(of: items, structure["items"], "\(place).items", "\(path).items")
        }
        for (name, property) in values["properties"]?.object ?? [:] {
            let step = "properties[\(name)]"
            checkNestedCompleteness(
                of: property, structure["properties"]?[name], "\(place).\(step)", "\(path).\(step)")
        }
    }
}
