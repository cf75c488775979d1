/// Rings when something has changed that statuses, or other work, are made of; many rings before an answer are one.
package struct StatusBell: Sendable {
    private let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let pause: Duration
    private let retry: Duration

    /// - Parameters:
    ///   - pause: after an answer; objects come and go, and what is written may be so old.
    ///   - retry: after an answer that was not complete.
    package init(pause: Duration = .seconds(1), retry: Duration = .seconds(5)) {
        (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.pause = pause
        self.retry = retry
    }

    package func ring() { continuation.yield() }

    /// Answers until the task is cancelled; again without a ring when `report` says that not all could be written.
    package func answer(_ report: () async -> Bool) async {
        for await _ in rings {
            let isDone = await report()
            do {
                try await Task.sleep(for: isDone ? pause : retry)
            } catch {
                return
            }
            if !isDone { ring() }
        }
    }
}
