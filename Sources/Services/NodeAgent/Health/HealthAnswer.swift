import ClusterAPI
import Foundation

/// What a load balancer is told about one service, in kube-proxy's words.
struct HealthAnswer: Hashable, Sendable {
    let service: ObjectKey
    let localEndpoints: Int
    /// Whether the node's rules are those that the API asks for.
    let isProxyHealthy: Bool

    /// Whether the node is to be sent connections.
    var isReady: Bool { localEndpoints > 0 && isProxyHealthy }

    var body: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            return try encoder.encode(
                Document(
                    service: .init(namespace: service.namespace, name: service.name),
                    localEndpoints: localEndpoints, serviceProxyHealthy: isProxyHealthy))
        }
    }

    private struct Document: Encodable {
        struct Name: Encodable {
            let namespace: String
            let name: String
        }

        let service: Name
        let localEndpoints: Int
        let serviceProxyHealthy: Bool
    }
}
