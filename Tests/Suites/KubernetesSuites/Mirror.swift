import ClusterAPI
import KubernetesClient
import Synchronization

/// A collection as a client keeps it.
final class Mirror: Sendable {
    private struct State {
        var names: Set<String> = []
        var lists = 0
        var outages = 0
    }

    private let state = Mutex(State())

    var names: Set<String> { state.withLock { $0.names } }
    /// How often it was listed.
    var lists: Int { state.withLock { $0.lists } }
    var outages: Int { state.withLock { $0.outages } }

    /// Keeps it while `body` runs.
    func follow(
        _ client: KubernetesClient, _ resource: ResourceType, in namespace: String, timing: WatchTiming = WatchTiming(),
        _ body: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in client.changes(of: resource, in: namespace, timing: timing) { self.note(event) }
            }
            defer { group.cancelAll() }
            try await body()
        }
    }

    private func note(_ event: CacheEvent<JSONValue>) {
        state.withLock { state in
            switch event {
            case .replaced(let all, _):
                state.names = Set(all.compactMap(Self.name))
                state.lists += 1
            case .upserted(let object): Self.name(object).map { _ = state.names.insert($0) }
            case .deleted(let object): Self.name(object).map { _ = state.names.remove($0) }
            case .disconnected: state.outages += 1
            case .unreadable, .missing, .resumed: break
            }
        }
    }

    private static func name(_ object: JSONValue) -> String? { object["metadata"]?["name"]?.string }
}
