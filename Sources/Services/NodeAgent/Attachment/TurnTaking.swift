/// Lets one task at a time work on a key, inside the actor that holds it; others wait in the order they came.
///
/// A runtime gives up on a slow ADD and sends DEL while the ADD still runs: the DEL must find its whole result.
struct TurnTaking<Key: Hashable & Sendable> {
    private var waiting: [Key: [CheckedContinuation<Void, Never>]] = [:]

    /// The keys that somebody works on now.
    var active: some Collection<Key> { waiting.keys }

    /// Resumes `continuation` when it is its turn; its task calls `end` when it is done.
    mutating func enter(_ key: Key, _ continuation: CheckedContinuation<Void, Never>) {
        guard waiting[key] != nil else {
            waiting[key] = []
            continuation.resume()
            return
        }
        waiting[key]?.append(continuation)
    }

    /// Hands the key on to the next in line.
    mutating func end(_ key: Key) {
        guard var queue = waiting[key], !queue.isEmpty else {
            waiting[key] = nil
            return
        }
        let next = queue.removeFirst()
        waiting[key] = queue
        next.resume()
    }
}
