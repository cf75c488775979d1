import ClusterAPI

extension APISchema {
    /// In the words of OpenAPI v3.
    var v3: JSONValue {
        var document = v3Form
        if !description.isEmpty { document["description"] = .string(description) }
        if !kinds.isEmpty { document["x-kubernetes-group-version-kind"] = .array(kinds.map(\.document)) }
        return document
    }

    private var v3Form: JSONValue {
        switch form {
        case .any: return ["x-kubernetes-preserve-unknown-fields": true]
        case .primitive(let primitive):
            guard let (name, format) = primitive.type else {
                return ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]]
            }
            var document: JSONValue = ["type": .string(name)]
            if let format { document["format"] = .string(format) }
            return document
        case .reference(let name):
            // A reference beside a description would hide it.
            return ["allOf": [["$ref": .string("#/components/schemas/\(name)")]]]
        case .list(let element, let merge):
            let list: [String: JSONValue] = ["type": "array", "items": element.v3]
            return .object(list.merging(merge.extensions) { own, _ in own })
        case .map(let value): return ["type": "object", "additionalProperties": value.v3]
        case .object(let fields, let extent):
            var document: JSONValue = ["type": "object", "properties": .object(fields.mapValues(\.v3))]
            if !required.isEmpty { document["required"] = .array(required.map(JSONValue.string)) }
            if extent != .closed { document["x-kubernetes-preserve-unknown-fields"] = true }
            return document
        case .custom(let custom, let common):
            var document = custom.source
            let own = document["properties"]?.object ?? [:]
            document["properties"] = .object(own.merging(common.mapValues(\.v3)) { $1 })
            return document
        }
    }
}
