import ClusterAPI

/// The schemas of some kinds in OpenAPI v3 terms, with every type that they refer to.
struct OpenAPISchemas {
    private(set) var components: [String: JSONValue] = [:]

    init(_ resources: [ResourceDescriptor], at version: GroupVersion) {
        for resource in resources {
            let kind: JSONValue = [
                "group": .string(version.group), "version": .string(version.version), "kind": .string(resource.kind),
            ]
            let isKnown = resource.customResourceDefinition == nil && TypeTable.types[resource.kind] != nil
            let name = isKnown ? Self.name(of: resource.kind) : Self.name(of: resource, at: version)
            var schema = object(isKnown ? resource.kind : "AnyObject")
            schema["x-kubernetes-group-version-kind"] = [kind]
            components[name] = schema
        }
    }

    private static func name(of type: String) -> String { TypeTable.types[type]?.openAPIName ?? type }

    /// `io.gabion.v1.Zone` of gabion.io/v1.
    private static func name(of resource: ResourceDescriptor, at version: GroupVersion) -> String {
        let reversed = version.group.split(separator: ".").reversed().joined(separator: ".")
        return "\(reversed).\(version.version).\(resource.kind)"
    }

    private mutating func object(_ type: String) -> JSONValue {
        guard let description = TypeTable.types[type] else { return ["type": "object"] }
        var properties: [String: JSONValue] = [:]
        for (name, shape) in description.fields { properties[name] = schema(shape) }
        var schema: JSONValue = ["type": "object", "properties": .object(properties)]
        if description.isOpen { schema["x-kubernetes-preserve-unknown-fields"] = true }
        return schema
    }

    private mutating func schema(_ shape: FieldShape) -> JSONValue {
        switch shape {
        case .any: return ["x-kubernetes-preserve-unknown-fields": true]
        case .text: return ["type": "string"]
        case .integer: return ["type": "integer", "format": "int64"]
        case .number: return ["type": "number", "format": "double"]
        case .flag: return ["type": "boolean"]
        case .intOrText: return ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]]
        case .time: return ["type": "string", "format": "date-time"]
        case .map(let inner): return ["type": "object", "additionalProperties": schema(inner)]
        case .list(let inner, let merge):
            var list: JSONValue = ["type": "array", "items": schema(inner)]
            switch merge {
            case .atomic: list["x-kubernetes-list-type"] = "atomic"
            case .set:
                list["x-kubernetes-list-type"] = "set"
                list["x-kubernetes-patch-strategy"] = "merge"
            case .keyed(let key):
                list["x-kubernetes-list-type"] = "map"
                list["x-kubernetes-list-map-keys"] = [.string(key)]
                list["x-kubernetes-patch-strategy"] = "merge"
                list["x-kubernetes-patch-merge-key"] = .string(key)
            }
            return list
        case .type(let type):
            let name = Self.name(of: type)
            if components[name] == nil {
                components[name] = [:]
                components[name] = object(type)
            }
            return ["allOf": [["$ref": .string("#/components/schemas/\(name)")]]]
        }
    }
}
