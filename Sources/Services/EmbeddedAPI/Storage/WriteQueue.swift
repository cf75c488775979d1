import Synchronization

/// Writes that wait for the writer, in order of arrival.
final class WriteQueue: Sendable {
    struct Write: Sendable {
        let decide: @Sendable (StoreView) throws -> StoreDecision
        let finish: @Sendable (Result<StoreOutcome, any Error>) -> Void
    }

    private struct State {
        var waiting: [Write] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Yields when writes wait; ends after `close`.
    let arrivals: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (arrivals, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func append(_ write: Write) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.waiting.append(write) }
            return state.isClosed
        }
        if isClosed { write.finish(.failure(StoreError.closed)) } else { bell.yield() }
    }

    /// At most `limit` writes; the bell rings again for the rest.
    func take(_ limit: Int) -> [Write] {
        let (batch, more) = state.withLock { state in
            let batch = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(batch.count)
            return (batch, !state.waiting.isEmpty)
        }
        if more { bell.yield() }
        return batch
    }

    /// Refuses later writes, and fails those that still wait.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        bell.finish()
        for write in waiting { write.finish(.failure(StoreError.closed)) }
    }
}
