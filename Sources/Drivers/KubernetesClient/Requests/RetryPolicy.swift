/// When a request is sent again, and after what pause.
///
/// Pure; the sending loop is `KubernetesClient.send`.
package struct RetryPolicy: Hashable, Sendable {
    /// How often a request is sent at most.
    package var attempts: Int
    package var initialPause: Duration
    package var longestPause: Duration
    /// A longer Retry-After is not waited for: the failure is reported.
    package var longestRetryAfter: Duration
    /// How long after the first attempt another may begin; nil: however long.
    ///
    /// For people, who rather hear of a silent server than wait for `attempts` times the time limit of one.
    package var patience: Duration?

    package init(
        attempts: Int = 5, initialPause: Duration = .milliseconds(50), longestPause: Duration = .seconds(1),
        longestRetryAfter: Duration = .seconds(30), patience: Duration? = nil
    ) {
        self.attempts = attempts
        self.initialPause = initialPause
        self.longestPause = longestPause
        self.longestRetryAfter = longestRetryAfter
        self.patience = patience
    }

    package static let none = RetryPolicy(attempts: 1)

    /// What became of one attempt.
    package enum Outcome: Hashable, Sendable {
        /// The server answered with a failure of this code.
        case refused(code: Int, retryAfter: Duration?)
        /// The request never left.
        case notSent
        /// The request left and no answer came.
        case unanswered
    }

    package enum Decision: Hashable, Sendable {
        case giveUp
        /// Pause as the backoff says.
        case backOff
        case wait(Duration)
    }

    /// A server that says 429, or 503 with Retry-After, has not acted on the request; one that cannot be reached has
    /// not seen it.
    ///
    /// Everything else is sent again only when sending twice does no harm.
    ///
    /// - Parameter elapsed: the time since the first attempt began.
    package func decision(
        after outcome: Outcome, attempt: Int, isIdempotent: Bool, elapsed: Duration = .zero
    ) -> Decision {
        guard attempt < attempts, patience.map({ elapsed < $0 }) ?? true else { return .giveUp }
        switch outcome {
        case .refused(let code, let retryAfter) where code == 429 || code == 503:
            guard let retryAfter else { return code == 429 || isIdempotent ? .backOff : .giveUp }
            return retryAfter <= longestRetryAfter ? .wait(retryAfter) : .giveUp
        case .refused(let code, _): return isIdempotent && (code == 502 || code == 504) ? .backOff : .giveUp
        case .notSent: return .backOff
        case .unanswered: return isIdempotent ? .backOff : .giveUp
        }
    }
}
