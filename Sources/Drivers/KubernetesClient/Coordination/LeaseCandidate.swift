package import ClusterAPI

/// One candidate's side of leader election over a Lease.
///
/// Pure: it is shown the lease and the time, and says what to write.
///
/// Only this candidate's own clock counts: a lease has run out when it has not changed for its duration since it was
/// first seen in its present form. `Instant` is a monotonic clock's.
package struct LeaseCandidate<Instant: InstantProtocol>: Sendable
where Instant.Duration == Duration, Instant: Sendable {
    package enum Action: Hashable, Sendable {
        /// There is no lease: create one with this spec.
        case create(LeaseSpec)
        /// Replace the lease's spec with this one.
        case update(LeaseSpec)
        /// Somebody else leads.
        case wait(for: String)
    }

    package let identity: String
    package let timing: LeaseTiming
    private var seen: LeaseSpec?
    private var seenAt: Instant?
    /// When this candidate last held or renewed the lease; nil while it does not lead.
    package private(set) var renewedAt: Instant?

    package init(identity: String, timing: LeaseTiming = LeaseTiming()) {
        self.identity = identity
        self.timing = timing
    }

    /// What to do about the lease as it is now (`nil`: there is none).
    package mutating func action(for spec: LeaseSpec?, now: Instant, wallClock: Timestamp) -> Action {
        guard let spec else { return .create(fresh(transitions: 0, wallClock)) }
        if spec != seen {
            seen = spec
            seenAt = now
        }
        let holder = spec.holderIdentity ?? ""
        if holder == identity {
            var renewed = spec
            renewed.renewTime = wallClock.micros
            renewed.leaseDurationSeconds = timing.leaseSeconds
            return .update(renewed)
        }
        let duration = Duration.seconds(spec.leaseDurationSeconds ?? timing.leaseSeconds)
        if !holder.isEmpty, let seenAt, seenAt.duration(to: now) < duration { return .wait(for: holder) }
        return .update(fresh(transitions: (spec.leaseTransitions ?? 0) + 1, wallClock))
    }

    /// The write of the last action succeeded; `startedAt` is the time before it was sent.
    package mutating func succeeded(startedAt: Instant) { renewedAt = startedAt }

    /// When leading has to stop unless the lease is renewed before; nil while this candidate does not lead.
    package var deadline: Instant? { renewedAt?.advanced(by: timing.renewDeadline) }

    /// Leadership ended.
    package mutating func resign() { renewedAt = nil }

    /// The spec that gives the lease back, so that the next candidate does not have to wait; nil when another holds it.
    package func release(_ spec: LeaseSpec, wallClock: Timestamp) -> LeaseSpec? {
        guard spec.holderIdentity == identity else { return nil }
        var released = spec
        released.holderIdentity = ""
        released.leaseDurationSeconds = 1
        released.renewTime = wallClock.micros
        return released
    }

    private func fresh(transitions: Int, _ wallClock: Timestamp) -> LeaseSpec {
        var spec = LeaseSpec(holderIdentity: identity, leaseDurationSeconds: timing.leaseSeconds)
        spec.acquireTime = wallClock.micros
        spec.renewTime = wallClock.micros
        spec.leaseTransitions = transitions
        return spec
    }
}

/// The times of leader election; the defaults are client-go's.
package struct LeaseTiming: Hashable, Sendable {
    package var leaseSeconds: Int
    /// A leader that has not renewed for so long stops leading.
    ///
    /// Must be less than the lease.
    package var renewDeadline: Duration
    package var retryPeriod: Duration

    package init(
        leaseSeconds: Int = 15, renewDeadline: Duration = .seconds(10), retryPeriod: Duration = .seconds(2)
    ) {
        self.leaseSeconds = leaseSeconds
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
    }
}
