import ClusterAPI
package import KubernetesClient
import Logging
package import NetworkTypes
import ServiceLifecycle

/// Keeps an annotation of the agent's Node at where something of the agent is reached, or away.
package struct EndpointAnnouncer: ServiceLifecycle.Service {
    private let client: KubernetesClient
    private let node: String
    private let annotation: String
    private let endpoint: (address: IPAddress, port: UInt16)?
    private let interval: Duration

    /// - Parameters:
    ///   - endpoint: where it listens; an unspecified address stands for the Node's own. Nil takes away what an earlier
    ///     agent announced.
    ///   - interval: how often the Node is looked at; somebody may have made it anew.
    package init(
        client: KubernetesClient, node: String, annotation: String, endpoint: (address: IPAddress, port: UInt16)?,
        interval: Duration = .seconds(30)
    ) {
        self.client = client
        self.node = node
        self.annotation = annotation
        self.endpoint = endpoint
        self.interval = interval
    }

    /// Until graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                do {
                    try await announce()
                    failures = 0
                } catch {
                    // Once: without the right to write, or without a Node, it is always the same.
                    if failures == 0, !Task.isCancelled {
                        client.logger.warning(
                            "the Node does not say where its agent answers; may the agent patch its Node?",
                            metadata: ["annotation": "\(annotation)", "node": "\(node)", "error": "\(error)"])
                    }
                    failures += 1
                }
                let pause = failures == 0 ? interval : min(interval, .seconds(1 << min(failures, 5)))
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }

    private func announce() async throws {
        let object = try await client.get(Node.self, node)
        let wanted = text(object)
        guard object.metadata.annotations?[annotation] != wanted else { return }
        let value = wanted.map { JSONValue.string($0) } ?? .null
        try await client.patch(
            Node.self, node, with: .merge(["metadata": ["annotations": .object([annotation: value])]]))
        client.logger.info(
            "the Node says where its agent answers",
            metadata: ["annotation": "\(annotation)", "endpoint": "\(wanted ?? "none")"])
    }

    /// Nil while there is no address that others could use.
    private func text(_ object: Node) -> String? {
        guard let endpoint else { return nil }
        var address = endpoint.address
        if address.isUnspecified {
            let own = (object.status?.addresses ?? []).filter { $0.type == "InternalIP" }
                .compactMap { IPAddress($0.address) }
            // Sockets of :: take IPv4, too.
            guard let usable = own.first(where: { $0.family == address.family || address.family == .v6 }) else {
                return nil
            }
            address = usable
        }
        return "\(address.bracketed):\(endpoint.port)"
    }
}
