import ClusterAPI
import KubernetesClient

/// `gabion egress` on every node, from the first EgressNode on, which the controller makes when somebody asks for an address.
struct EgressProcesses: Sendable {
    let client: KubernetesClient
    let processes: [ManagedProcess]

    /// Until the task is cancelled.
    func run() async throws {
        for await event in client.changes(of: EgressNode.self) where Self.needsNodes(event) {
            try await withThrowingDiscardingTaskGroup { group in
                for process in processes { group.addTask { try await process.run() } }
            }
        }
    }

    private static func needsNodes(_ event: CacheEvent<EgressNode>) -> Bool {
        switch event {
        case .upserted, .unreadable: true
        case .replaced(let nodes, let unreadable): !nodes.isEmpty || !unreadable.isEmpty
        case .deleted, .disconnected, .missing, .resumed: false
        }
    }
}
