import ClusterAPI
import KubernetesClient
import Logging

/// Says on the Nodes of silent agents that nobody knows how they are, as the node lifecycle controller does for kubelets.
///
/// The agent that comes back says again how it is.
struct AgentWatch: Sendable {
    static let reason = "AgentSilent"
    private static let interval = Duration.seconds(10)

    let client: KubernetesClient
    let logger: Logger

    /// Looks until the task is cancelled.
    func run(_ nodes: () async -> [Node]) async {
        var agents = SilentAgents<ContinuousClock.Instant>()
        while !Task.isCancelled {
            do {
                let leases = try await client.list(Lease.self, in: AgentLease.namespace).items
                let silent = agents.among(leases, now: .now)
                for node in await nodes() where Self.claimsToKnow(node) {
                    guard let renewal = silent[node.key.name] else { continue }
                    try await doubt(node.key.name, since: renewal)
                }
            } catch {
                logger.warning("it is not known which agents live", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    /// Whether the Node still says what its agent said when it lived.
    private static func claimsToKnow(_ node: Node) -> Bool {
        (node.status?.conditions ?? []).contains { $0.type == "GabionReady" && $0.status != "Unknown" }
    }

    private func doubt(_ node: String, since renewal: String) async throws {
        let now = JSONValue.string(Timestamp.now().seconds)
        let message =
            "the agent has not renewed its Lease \(AgentLease.key(ofNode: node)) since \(renewal): "
            + "the kernel enforces what it had, and no pod is attached"
        let conditions = ["NetworkUnavailable", "GabionReady"].map { type -> JSONValue in
            [
                "type": .string(type), "status": "Unknown", "reason": .string(Self.reason),
                "message": .string(message), "lastTransitionTime": now,
            ]
        }
        try await client.patch(
            Node.self, node, with: .strategic(["status": ["conditions": .array(conditions)]]), subresource: "status")
        logger.warning("an agent is silent", metadata: ["node": "\(node)", "since": "\(renewal)"])
    }
}
