import ClusterAPI
import KubernetesClient
import ToolRunner

/// Processes of all nodes that run from the first object of a kind on: most labs have none, and need nothing of what they run.
struct ProcessesOnDemand<Object: APIObject>: Sendable {
    let client: KubernetesClient
    let processes: [ManagedProcess]

    /// Until the task is cancelled.
    func run() async throws {
        for await event in client.changes(of: Object.self) where Self.isDemand(event) {
            try await withThrowingDiscardingTaskGroup { group in
                for process in processes { group.addTask { try await process.run() } }
            }
        }
    }

    private static func isDemand(_ event: CacheEvent<Object>) -> Bool {
        switch event {
        case .upserted, .unreadable: true
        case .replaced(let objects, let unreadable): !objects.isEmpty || !unreadable.isEmpty
        case .deleted, .disconnected, .missing, .resumed: false
        }
    }
}
