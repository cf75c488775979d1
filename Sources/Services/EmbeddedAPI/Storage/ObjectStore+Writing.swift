import Synchronization

extension ObjectStore {
    /// The most writes in one transaction.
    private static let batchLimit = 256

    /// Decides on the current state and commits; returns after the commit reached the disk.
    ///
    /// `decide` runs in the writer: it must be quick and pure. What it throws comes back to the caller, and nothing
    /// changes. Throws `StoreError.closed` without `run`ning writer, `commitFailed` when the disk refuses.
    package func write(
        _ decide: @escaping @Sendable (StoreView) throws -> StoreDecision
    ) async throws -> StoreOutcome {
        try await withCheckedThrowingContinuation { continuation in
            writes.append(WriteQueue.Write(decide: decide, finish: { continuation.resume(with: $0) }))
        }
    }

    /// The writer: commits until `stopWriting`, then fails what still waits.
    ///
    /// `onCommit` sees every committed batch before its writers get their answers.
    package func run(onCommit: @Sendable ([StoreEvent]) -> Void = { _ in }) async {
        for await _ in writes.arrivals {
            let batch = writes.take(Self.batchLimit)
            if !batch.isEmpty { await commit(batch, onCommit) }
        }
        writes.close()
    }

    /// Ends `run` after its current batch.
    package func stopWriting() { writes.close() }

    private func commit(_ batch: [WriteQueue.Write], _ onCommit: @Sendable ([StoreEvent]) -> Void) async {
        var view = StoreView(
            base: { self.object($0) },
            baseHolders: { claim in self.state.withLock { $0.holders[claim] ?? [] } })
        var revision = revision
        var events: [StoreEvent] = []
        var outcomes: [Result<StoreOutcome, any Error>] = []
        for write in batch {
            outcomes.append(
                Result {
                    switch try write.decide(view) {
                    case .unchanged(let object): return .unchanged(object)
                    case .preview(let document): return .preview(document)
                    case .commit(let mutations):
                        let made = try Self.events(of: mutations, on: view, after: &revision)
                        for event in made { view.record(event) }
                        events += made
                        return .committed(made.map(\.object))
                    }
                })
        }
        do {
            if !events.isEmpty {
                try await database.commit(events)
                state.withLock { $0.apply(events) }
                onCommit(events)
                bells.ring(Set(events.map(\.object.key.resource)))
            }
        } catch {
            outcomes = outcomes.map { _ in .failure(StoreError.commitFailed("\(error)")) }
        }
        for (write, outcome) in zip(batch, outcomes) { write.finish(outcome) }
    }

    /// The events of one write's mutations; they are numbered after `revision`, which moves on when all are made.
    private static func events(
        of mutations: [StoreMutation], on view: StoreView, after revision: inout UInt64
    ) throws -> [StoreEvent] {
        var next = revision
        var events: [StoreEvent] = []
        for mutation in mutations {
            next += 1
            switch mutation {
            case .put(let key, let document):
                let previous = view[key]
                let object = StoredObject(key: key, revision: next, stamping: document)
                events.append(
                    StoreEvent(kind: previous == nil ? .added : .modified, object: object, previous: previous))
            case .delete(let key, let last):
                guard let previous = view[key] else { continue }
                let object = StoredObject(key: key, revision: next, stamping: try last ?? previous.document)
                events.append(StoreEvent(kind: .deleted, object: object, previous: previous))
            }
        }
        revision = next
        return events
    }
}
