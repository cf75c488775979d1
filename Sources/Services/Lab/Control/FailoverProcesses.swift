import ClusterAPI
import KubernetesClient

/// `gabion failover` on every node, from the first FailoverGroup on: most labs have none, and need no keepalived.
struct FailoverProcesses: Sendable {
    let client: KubernetesClient
    let processes: [ManagedProcess]

    /// Until the task is cancelled.
    func run() async throws {
        for await event in client.changes(of: FailoverGroup.self) where Self.needsNodes(event) {
            try await withThrowingDiscardingTaskGroup { group in
                for process in processes { group.addTask { try await process.run() } }
            }
        }
    }

    private static func needsNodes(_ event: CacheEvent<FailoverGroup>) -> Bool {
        switch event {
        case .upserted, .unreadable: true
        case .replaced(let groups, let unreadable): !groups.isEmpty || !unreadable.isEmpty
        case .deleted, .disconnected, .missing, .resumed: false
        }
    }
}
