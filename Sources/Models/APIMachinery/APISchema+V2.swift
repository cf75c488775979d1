import ClusterAPI

extension APISchema {
    /// Two clients read these: those that take JSON, and kubectl before 1.27, which takes protobuf.
    var v2: SwaggerSchema {
        var schema = SwaggerSchema(description: description)
        if !kinds.isEmpty { schema.extensions["x-kubernetes-group-version-kind"] = .array(kinds.map(\.document)) }
        switch form {
        case .any: break
        case .primitive(let primitive):
            // The older version knows no alternatives: text stands for both.
            let type = primitive.type ?? (name: "string", format: "int-or-string")
            (schema.type, schema.format) = (type.name, type.format)
        case .reference(let name): schema.reference = "#/definitions/\(name)"
        case .list(let element, let merge):
            schema.type = "array"
            schema.items = [element.v2]
            schema.extensions.merge(merge.extensions) { own, _ in own }
        case .map(let value):
            schema.type = "object"
            schema.additionalProperties = [value.v2]
        case .object(let fields, let extent):
            schema.type = "object"
            schema.required = required
            // Clients refuse what is not among the properties, so an open object must have none.
            if extent != .open { schema.properties = fields.mapValues(\.v2) }
        case .custom(let custom, let common):
            let own = custom.swagger
            schema.type = "object"
            schema.required = own.required
            // No property is as good as any: a client refuses what is not among some.
            if !custom.preservesUnknownFields {
                schema.properties = own.properties.merging(common.mapValues(\.v2)) { $1 }
            }
            schema.extensions.merge(own.extensions) { first, _ in first }
        }
        return schema
    }
}
