import Synchronization

/// Wakes watches when their resource changed.
///
/// A bell says only "look again": it holds no events, so a slow watch costs nothing here.
package final class WatchBells: Sendable {
    private struct State {
        var bells: [String: [UInt64: AsyncStream<Void>.Continuation]] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// A bell that rings whenever `resource` changed or time passed; it ends when the server stops.
    ///
    /// The registration ends with the stream.
    func listen(to resource: String) -> Bell {
        let (stream, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id: UInt64? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.bells[resource, default: [:]][state.next] = bell
            return state.next
        }
        guard let id else {
            bell.finish()
            return Bell(rings: stream, source: bell)
        }
        bell.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.bells[resource]?.removeValue(forKey: id) }
        }
        return Bell(rings: stream, source: bell)
    }

    /// What one watch listens to.
    struct Bell: Sendable {
        let rings: AsyncStream<Void>
        fileprivate let source: AsyncStream<Void>.Continuation

        func stop() { source.finish() }
    }

    func ring(_ resources: Set<String>) {
        let bells = state.withLock { state in resources.flatMap { state.bells[$0].map { Array($0.values) } ?? [] } }
        for bell in bells { bell.yield() }
    }

    /// Wakes every watch, for its deadlines and bookmarks.
    func ringAll() {
        let bells = state.withLock { $0.bells.values.flatMap { Array($0.values) } }
        for bell in bells { bell.yield() }
    }

    /// Ends every stream, and those that come later at once.
    func close() {
        let bells = state.withLock { state in
            state.isClosed = true
            return state.bells.values.flatMap { Array($0.values) }
        }
        for bell in bells { bell.finish() }
    }

    package var count: Int { state.withLock { $0.bells.values.reduce(0) { $0 + $1.count } } }
}
