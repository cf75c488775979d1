import ClusterAPI

/// An OpenAPI v2 document, as much of it as API servers use.
struct SwaggerDocument: Hashable, Sendable {
    var title: String
    var version: String
    /// The operations of each path by method (`get`, `put`, `post`, `delete`, `patch`).
    var paths: [String: [String: SwaggerOperation]] = [:]
    var definitions: [String: SwaggerSchema] = [:]
}

/// One request that can be made.
struct SwaggerOperation: Hashable, Sendable {
    /// The names of the parameters of the query; all are text.
    var queryParameters: [String] = []
    /// Fields that begin with `x-`.
    var extensions: [String: JSONValue] = [:]
}

/// A schema object.
///
/// `items` and `additionalProperties` hold one schema or none.
struct SwaggerSchema: Hashable, Sendable {
    var reference: String?
    var type: String?
    var format: String?
    var description = ""
    var items: [SwaggerSchema] = []
    var additionalProperties: [SwaggerSchema] = []
    var properties: [String: SwaggerSchema] = [:]
    var required: [String] = []
    var extensions: [String: JSONValue] = [:]
}

extension SwaggerDocument {
    var json: JSONValue {
        [
            "swagger": "2.0", "info": ["title": .string(title), "version": .string(version)],
            "paths": .object(paths.mapValues { .object($0.mapValues(\.json)) }),
            "definitions": .object(definitions.mapValues(\.json)),
        ]
    }
}

extension SwaggerOperation {
    fileprivate var json: JSONValue {
        var document = extensions
        document["responses"] = ["200": ["description": "OK"]]
        if !queryParameters.isEmpty {
            document["parameters"] = .array(
                queryParameters.map { ["name": .string($0), "in": "query", "type": "string", "uniqueItems": true] })
        }
        return .object(document)
    }
}

extension SwaggerSchema {
    fileprivate var json: JSONValue {
        var document = extensions
        document["$ref"] = reference.map(JSONValue.string)
        document["type"] = type.map(JSONValue.string)
        document["format"] = format.map(JSONValue.string)
        if !description.isEmpty { document["description"] = .string(description) }
        if !required.isEmpty { document["required"] = .array(required.map(JSONValue.string)) }
        document["items"] = items.first?.json
        document["additionalProperties"] = additionalProperties.first?.json
        if !properties.isEmpty { document["properties"] = .object(properties.mapValues(\.json)) }
        return .object(document)
    }
}
