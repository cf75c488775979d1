import ClusterAPI

/// The encoding of gnostic's `openapi.v2.Document` (google/gnostic `openapiv2/OpenAPIv2.proto`, whose numbers these are).
///
/// Maps are repeated pairs there, and alternatives are messages of their own.
extension SwaggerDocument {
    var protobuf: ProtobufMessage {
        var info = ProtobufMessage()
        info.append(field: 1, text: title)
        info.append(field: 2, text: version)
        var pathList = ProtobufMessage()
        for (path, methods) in paths.sorted(by: { $0.key < $1.key }) {
            pathList.append(field: 2, name: path, value: Self.pathItem(methods))
        }
        var definitionList = ProtobufMessage()
        for (name, schema) in definitions.sorted(by: { $0.key < $1.key }) {
            definitionList.append(field: 1, name: name, value: schema.protobuf)
        }
        var document = ProtobufMessage()
        document.append(field: 1, text: "2.0")
        document.append(field: 2, message: info)
        document.append(field: 8, message: pathList)
        document.append(field: 9, message: definitionList)
        return document
    }

    private static let methodFields: [(method: String, field: UInt64)] = [
        ("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8),
    ]

    private static func pathItem(_ methods: [String: SwaggerOperation]) -> ProtobufMessage {
        var item = ProtobufMessage()
        for (method, field) in methodFields {
            if let operation = methods[method] { item.append(field: field, message: operation.protobuf) }
        }
        return item
    }
}

extension SwaggerOperation {
    fileprivate var protobuf: ProtobufMessage {
        var operation = ProtobufMessage()
        for name in queryParameters { operation.append(field: 8, message: Self.query(name)) }
        var response = ProtobufMessage()
        response.append(field: 1, text: "OK")
        var responses = ProtobufMessage()
        responses.append(field: 1, name: "200", value: .wrapping(response, in: [1]))
        operation.append(field: 9, message: responses)
        operation.append(field: 13, extensions: extensions)
        return operation
    }

    /// ParametersItem › Parameter › NonBodyParameter › QueryParameterSubSchema.
    private static func query(_ name: String) -> ProtobufMessage {
        var parameter = ProtobufMessage()
        parameter.append(field: 2, text: "query")
        parameter.append(field: 4, text: name)
        parameter.append(field: 6, text: "string")
        parameter.append(field: 20, flag: true)
        return .wrapping(parameter, in: [3, 2, 1])
    }
}

extension SwaggerSchema {
    fileprivate var protobuf: ProtobufMessage {
        var schema = ProtobufMessage()
        if let reference { schema.append(field: 1, text: reference) }
        if let format { schema.append(field: 2, text: format) }
        if !description.isEmpty { schema.append(field: 4, text: description) }
        for name in required { schema.append(field: 19, text: name) }
        for value in additionalProperties {
            schema.append(field: 21, message: .wrapping(value.protobuf, in: [1]))
        }
        if let type {
            var item = ProtobufMessage()
            item.append(field: 1, text: type)
            schema.append(field: 22, message: item)
        }
        for element in items { schema.append(field: 23, message: .wrapping(element.protobuf, in: [1])) }
        if !properties.isEmpty {
            var list = ProtobufMessage()
            for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
                list.append(field: 1, name: name, value: property.protobuf)
            }
            schema.append(field: 25, message: list)
        }
        schema.append(field: 31, extensions: extensions)
        return schema
    }
}

extension ProtobufMessage {
    /// A message inside messages that hold nothing else; `fields` from the inside out.
    fileprivate static func wrapping(_ message: ProtobufMessage, in fields: [UInt64]) -> ProtobufMessage {
        fields.reduce(message) { inner, field in
            var outer = ProtobufMessage()
            outer.append(field: field, message: inner)
            return outer
        }
    }

    /// A pair of a map.
    fileprivate mutating func append(field: UInt64, name: String, value: ProtobufMessage) {
        var pair = ProtobufMessage()
        pair.append(field: 1, text: name)
        pair.append(field: 2, message: value)
        append(field: field, message: pair)
    }

    /// Values of any kind travel as YAML; JSON is YAML too.
    fileprivate mutating func append(field: UInt64, extensions: [String: JSONValue]) {
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            var any = ProtobufMessage()
            any.append(field: 2, text: value.compactText)
            append(field: field, name: name, value: any)
        }
    }
}
