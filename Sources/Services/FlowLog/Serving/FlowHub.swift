package import FlowModel
import Synchronization

/// Where flows go besides the store: to those who follow, and into the metrics.
package final class FlowHub: Sendable {
    private struct State {
        var followers: [Int: (filter: FlowFilter, stream: AsyncStream<FlowRecord>.Continuation)] = [:]
        var nextFollower = 0
        var metrics = FlowMetrics()
        var drops: [String: UInt64] = [:]
        var losses = FlowLosses()
        var ways: [String: Int] = [:]
    }

    private let node: String
    private let state = Mutex(State())

    /// A follower who is so far behind is let go: nothing of the agent waits for him.
    private static let patience = 4096

    package init(node: String) { self.node = node }

    /// Flows that begin, flows whose staged verdict becomes another, and flows that end, from now on.
    ///
    /// The stream ends when its reader is too slow.
    package func follow(_ filter: FlowFilter) -> AsyncStream<FlowRecord> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: FlowRecord.self, bufferingPolicy: .bufferingOldest(Self.patience))
        let number = state.withLock { state in
            state.nextFollower += 1
            state.followers[state.nextFollower] = (filter, continuation)
            return state.nextFollower
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in _ = state.followers.removeValue(forKey: number) }
        }
        return stream
    }

    func publish(_ changes: FlowTable.Changes) {
        // What a stream's end calls takes the lock, so nothing is handed on under it.
        let followers = state.withLock { state in
            for record in changes.begun { state.metrics.count(record) }
            return Array(state.followers.values)
        }
        for (filter, stream) in followers {
            for record in changes.begun + changes.restaged.filter({ $0.end == nil }) + changes.ended
            where filter.matches(record) {
                if case .dropped = stream.yield(record) {
                    stream.finish()
                    break
                }
            }
        }
    }

    /// Nothing more will happen: lets all followers go.
    func close() {
        let followers = state.withLock { Array($0.followers.values) }
        for follower in followers { follower.stream.finish() }
    }

    func set(_ drops: [String: UInt64], _ losses: FlowLosses) {
        state.withLock { state in
            state.drops = drops
            state.losses = losses
        }
    }

    func set(ways: [String: Int]) { state.withLock { $0.ways = ways } }

    package var losses: FlowLosses { state.withLock(\.losses) }

    package var metrics: String {
        state.withLock { $0.metrics.text(node: node, drops: $0.drops, losses: $0.losses, ways: $0.ways) }
    }
}
