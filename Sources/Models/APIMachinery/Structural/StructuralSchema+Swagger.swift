import ClusterAPI

extension StructuralSchema {
    /// In the words of OpenAPI v2, as far as it has them.
    ///
    /// Older clients refuse by it what is not in it, so whatever it cannot say is left open: values that may be null,
    /// integers or texts, and objects that keep more than their properties.
    var swagger: SwaggerSchema {
        var schema = SwaggerSchema(description: source["description"]?.string ?? "")
        for name in ["x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type"] {
            schema.extensions[name] = source[name]
        }
        if isIntOrString {
            schema.extensions["x-kubernetes-int-or-string"] = true
            return schema
        }
        if preservesUnknownFields { schema.extensions["x-kubernetes-preserve-unknown-fields"] = true }
        guard !isNullable else { return schema }
        schema.type = type?.rawValue
        schema.format = source["format"]?.string
        if let items { schema.items = [items.swagger] }
        guard !preservesUnknownFields else { return schema }
        schema.required = checks.required
        schema.properties = properties.mapValues(\.swagger)
        if case .schema(let inner) = additional { schema.additionalProperties = [inner.swagger] }
        return schema
    }
}
