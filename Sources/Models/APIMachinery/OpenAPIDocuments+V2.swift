package import ClusterAPI

/// OpenAPI v2, one document for everything, which kubectl up to 1.26 reads.
///
/// From it kubectl takes what `explain` shows, the fields that it lets pass before `apply` and `create`, how lists merge,
/// and (from the parameters of PATCH) whether a kind can be tried without being written.
extension OpenAPIDocuments {
    /// The Content-Type of `v2Protobuf`.
    ///
    /// Clients ask for it with `@` in place of the dot before `v1.0`, which is no media type by RFC 7231 and must not
    /// come back.
    package static let v2ProtobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    package var v2: JSONValue { swagger.json }

    /// The same as `v2` in the encoding of gnostic's `openapi.v2.Document`.
    package var v2Protobuf: [UInt8] { swagger.protobuf.bytes }

    private var swagger: SwaggerDocument {
        var document = SwaggerDocument(title: Self.title, version: Self.version)
        var definitions = APIDefinitions()
        for resource in catalogue.resources {
            for version in resource.served {
                definitions.add(resource, at: version)
                for (path, operations) in Self.operations(of: resource, at: version) {
                    document.paths[path] = operations.mapValues {
                        SwaggerOperation(queryParameters: $0.parameters, extensions: $0.extensions)
                    }
                }
            }
        }
        document.definitions = definitions.schemas.mapValues(\.v2)
        return document
    }
}
