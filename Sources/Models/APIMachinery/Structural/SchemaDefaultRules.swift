import ClusterAPI

/// That the defaults of a schema are what the schema itself allows.
enum SchemaDefaultRules {
    static func errors(in schema: StructuralSchema, at path: String) -> [FieldError] {
        var errors: [FieldError] = []
        if let value = schema.defaultValue {
            let field = "\(path).default"
            var fitting = SchemaFitting()
            _ = fitting.fitted(value, to: schema)
            if !fitting.unknownFields.isEmpty {
                errors.append(
                    FieldError(
                        kind: .invalid, field: field,
                        body: "Invalid value: \(value.goText): must not have unknown fields"))
            }
            var validation = SchemaValidation(prefix: field)
            errors += validation.errors(in: value, schema)
        }
        if let items = schema.items { errors += Self.errors(in: items, at: "\(path).items") }
        for name in schema.names {
            guard let property = schema.properties[name] else { continue }
            errors += Self.errors(in: property, at: "\(path).properties[\(name)]")
        }
        return errors
    }
}
