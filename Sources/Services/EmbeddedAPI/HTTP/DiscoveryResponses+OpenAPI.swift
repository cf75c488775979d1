import APIMachinery

extension DiscoveryResponses {
    /// Protobuf for clients that ask for it first (kubectl before 1.27), else JSON.
    func openAPIv2(_ accept: AcceptHeader) -> APIResponse? {
        guard accept.prefersProtobuf else {
            return registry.document("openapi/v2") { JSONText.encode(OpenAPIDocuments($0).v2) }
                .map { APIResponse(bytes: $0) }
        }
        var response = registry.document("openapi/v2.pb") { OpenAPIDocuments($0).v2Protobuf }
            .map { APIResponse(bytes: $0) }
        response?.contentType = OpenAPIDocuments.v2ProtobufType
        return response
    }

    /// The index for nil, else the document of one group and version; nil when nothing is served there.
    func openAPIv3(_ version: GroupVersion?) -> APIResponse? {
        guard let version else {
            return registry.document("openapi/v3") { JSONText.encode(OpenAPIDocuments($0).v3Index) }
                .map { APIResponse(bytes: $0) }
        }
        let path = version.group.isEmpty ? "api/\(version.version)" : "apis/\(version)"
        return registry.document("openapi/v3/\(path)") { OpenAPIDocuments($0).v3(path: path).map(JSONText.encode) }
            .map { APIResponse(bytes: $0) }
    }
}
