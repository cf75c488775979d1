/// Growing pauses between attempts, with jitter so that many clients do not come back at the same moment.
package struct Backoff: Hashable, Sendable {
    package let initial: Duration
    package let limit: Duration
    private var next: Duration

    /// Doubles from `initial` up to `limit`.
    package init(initial: Duration, limit: Duration) {
        self.initial = initial
        self.limit = limit
        next = initial
    }

    /// The pause before the next attempt: between half of the current step and all of it.
    package mutating func pause(using generator: inout some RandomNumberGenerator) -> Duration {
        let pause = next * Double.random(in: 0.5...1, using: &generator)
        next = min(next * 2, limit)
        return pause
    }

    package mutating func pause() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return pause(using: &generator)
    }

    /// An attempt went well.
    package mutating func reset() { next = initial }
}
