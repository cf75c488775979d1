import KubernetesClient
import Testing

@Suite struct RetryPolicyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let outcome: RetryPolicy.Outcome
        let attempt: Int
        let isIdempotent: Bool
        let decision: RetryPolicy.Decision
        var testDescription: String { "\(outcome), attempt \(attempt), idempotent \(isIdempotent)" }
    }

    static let cases = [
        Case(
            outcome: .refused(code: 429, retryAfter: .seconds(3)), attempt: 1, isIdempotent: false,
            decision: .wait(.seconds(3))),
        Case(outcome: .refused(code: 429, retryAfter: nil), attempt: 1, isIdempotent: false, decision: .backOff),
        Case(outcome: .refused(code: 503, retryAfter: nil), attempt: 1, isIdempotent: false, decision: .giveUp),
        Case(outcome: .refused(code: 503, retryAfter: nil), attempt: 1, isIdempotent: true, decision: .backOff),
        Case(outcome: .refused(code: 503, retryAfter: .seconds(99)), attempt: 1, isIdempotent: true, decision: .giveUp),
        Case(outcome: .refused(code: 404, retryAfter: nil), attempt: 1, isIdempotent: true, decision: .giveUp),
        Case(outcome: .refused(code: 500, retryAfter: .seconds(1)), attempt: 1, isIdempotent: true, decision: .giveUp),
        Case(outcome: .notSent, attempt: 1, isIdempotent: false, decision: .backOff),
        Case(outcome: .unanswered, attempt: 1, isIdempotent: false, decision: .giveUp),
        Case(outcome: .unanswered, attempt: 4, isIdempotent: true, decision: .backOff),
        Case(outcome: .unanswered, attempt: 5, isIdempotent: true, decision: .giveUp),
        Case(outcome: .notSent, attempt: 5, isIdempotent: true, decision: .giveUp),
    ]

    @Test("only what cannot have been done, or does no harm twice, is sent again", arguments: cases)
    func decisions(_ test: Case) {
        let policy = RetryPolicy()
        #expect(
            policy.decision(after: test.outcome, attempt: test.attempt, isIdempotent: test.isIdempotent)
                == test.decision)
    }

    @Test("who has a patience begins no attempt after it, and others go on")
    func patience() {
        for (elapsed, decision) in [(3, RetryPolicy.Decision.backOff), (4, .giveUp), (5, .giveUp)] {
            let impatient = RetryPolicy(patience: .seconds(4))
            #expect(
                impatient.decision(after: .notSent, attempt: 1, isIdempotent: true, elapsed: .seconds(elapsed))
                    == decision)
            #expect(
                RetryPolicy().decision(after: .notSent, attempt: 1, isIdempotent: true, elapsed: .seconds(elapsed))
                    == .backOff)
        }
    }

    @Test("pauses double up to the limit, with jitter of at most half")
    func backoff() {
        var backoff = Backoff(initial: .milliseconds(100), limit: .milliseconds(350))
        for expected in [100, 200, 350, 350] {
            let pause = backoff.pause()
            #expect(pause >= .milliseconds(expected) / 2 && pause <= .milliseconds(expected))
        }
        backoff.reset()
        #expect(backoff.pause() <= .milliseconds(100))
    }
}
