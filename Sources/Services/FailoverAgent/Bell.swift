/// Rings when there is something to do; many rings before an answer are one.
struct Bell: Sendable {
    private let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func ring() { continuation.yield() }

    /// Answers until the task is cancelled; an answer that did not succeed is given again after `retry`.
    func answer(pause: Duration, retry: Duration, _ work: () async -> Bool) async {
        for await _ in rings {
            let isDone = await work()
            do { try await Task.sleep(for: isDone ? pause : retry) } catch { return }
            if !isDone { ring() }
        }
    }
}
