import APIMachinery
import ClusterAPI
import NIOCore

/// Answers about the API itself: discovery, OpenAPI, the version.
struct DiscoveryResponses: Sendable {
    let registry: ResourceRegistry

    /// Nil when nothing is at the target.
    ///
    /// `host` is how the client reached the server.
    func response(to target: RequestTarget, accept: AcceptHeader, host: String) throws(APIStatus) -> APIResponse? {
        switch target {
        case .version: return APIResponse(ServerVersion.document)
        case .index: return APIResponse(["paths": .array(paths.map(JSONValue.string))])
        case .openAPIv2: return openAPIv2(accept)
        case .openAPIv3(let version): return openAPIv3(version)
        case .coreVersions:
            if let form = accept.aggregatedDiscovery {
                return aggregated("core", form) { $0.aggregatedCore(form) }
            }
            return APIResponse(DiscoveryDocuments(registry.catalogue).coreVersions(serverAddress: host))
        case .groups:
            if let form = accept.aggregatedDiscovery {
                return aggregated("groups", form) { $0.aggregatedGroups(form) }
            }
            return json("apis") { $0.groupList }
        case .group(let name): return json("apis/\(name)") { $0.group(name) }
        case .resources(let version): return json("resources/\(version)") { $0.resourceList(version) }
        case .health, .metrics, .object, .unknown: return nil
        }
    }

    private var paths: [String] {
        let versions = registry.catalogue.groupVersions
        let groups = versions.map { $0.group.isEmpty ? "/api/\($0.version)" : "/apis/\($0.group)/\($0.version)" }
        return ["/api", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]
            + groups
    }

    private func json(_ name: String, _ make: (DiscoveryDocuments) -> JSONValue?) -> APIResponse? {
        registry.document(name) { make(DiscoveryDocuments($0)).map(JSONText.encode) }.map { APIResponse(bytes: $0) }
    }

    private func aggregated(
        _ name: String, _ form: DiscoveryDocuments.AggregatedVersion, _ make: (DiscoveryDocuments) -> JSONValue
    ) -> APIResponse? {
        let bytes = registry.document("aggregated/\(name)/\(form)") { JSONText.encode(make(DiscoveryDocuments($0))) }
        var response = bytes.map { APIResponse(bytes: $0) }
        response?.contentType = form.contentType
        return response
    }
}
