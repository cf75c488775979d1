package import ClusterAPI
import Logging

/// Leader election over a coordination.k8s.io/v1 Lease: the I/O around `LeaseCandidate`.
///
/// `acquire()` waits until this process leads; `hold(_:)` renews while its body runs and gives the lease back when the
/// body ends by itself. A cancelled task cannot give it back: then the lease runs out.
package actor LeaderElection<C: Clock<Duration>> where C.Instant: Sendable {
    private let client: KubernetesClient
    private let lease: ObjectKey
    private let clock: C
    private let wallClock: @Sendable () -> Timestamp
    private var candidate: LeaseCandidate<C.Instant>

    package init(
        client: KubernetesClient, lease: ObjectKey, identity: String, timing: LeaseTiming = LeaseTiming(), clock: C,
        wallClock: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) {
        var direct = client
        direct.retryPolicy = .none
        direct.requestTimeout = timing.renewDeadline / 2
        self.client = direct
        self.lease = lease
        self.clock = clock
        self.wallClock = wallClock
        candidate = LeaseCandidate(identity: identity, timing: timing)
    }

    /// Returns once this candidate holds the lease.
    ///
    /// Throws only when the task is cancelled.
    package func acquire() async throws {
        var reported = ""
        while true {
            do {
                guard let holder = try await attempt() else {
                    client.logger.info("leading", metadata: ["lease": "\(lease)", "identity": "\(candidate.identity)"])
                    return
                }
                if holder != reported { client.logger.info("standing by", metadata: ["leader": "\(holder)"]) }
                reported = holder
            } catch let error as CancellationError {
                throw error
            } catch {
                client.logger.warning("cannot acquire the lease", metadata: ["error": "\(error)"])
            }
            try await clock.sleep(for: candidate.timing.retryPeriod * Double.random(in: 0.9...1.1))
        }
    }

    /// Runs `body` while the lease can be renewed.
    ///
    /// Returns true when the body ended by itself, and false when leadership was lost: then the body was cancelled and
    /// has ended.
    package func hold(_ body: @escaping @Sendable () async throws -> Void) async throws -> Bool {
        defer { candidate.resign() }
        do {
            let ended = try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await body()
                    return true
                }
                group.addTask {
                    try await self.renewUntilLost()
                    return false
                }
                defer { group.cancelAll() }
                return try await group.next() ?? true
            }
            if ended { await release() }
            return ended
        } catch {
            await release()
            throw error
        }
    }

    /// Returns when the deadline has passed without a renewal, and not later: another may lead soon after.
    private func renewUntilLost() async throws {
        while let deadline = candidate.deadline, clock.now < deadline {
            try await clock.sleep(for: candidate.timing.retryPeriod)
            do {
                if let holder = try await attempt(before: deadline) {
                    client.logger.error("another holds the lease", metadata: ["leader": "\(holder)"])
                    return
                }
            } catch let error as CancellationError {
                throw error
            } catch {
                client.logger.warning("cannot renew the lease", metadata: ["error": "\(error)"])
            }
        }
        client.logger.error("the lease was not renewed in time", metadata: ["lease": "\(lease)"])
    }

    private struct DeadlinePassed: Error, CustomStringConvertible {
        let description = "no answer before the renew deadline"
    }

    private func attempt(before deadline: C.Instant) async throws -> String? {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { try await self.attempt() }
            group.addTask { [clock] in
                try await clock.sleep(until: deadline, tolerance: nil)
                throw DeadlinePassed()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// One round.
    ///
    /// Returns the holder when it is another, nil when the lease is ours.
    private func attempt() async throws -> String? {
        let started = clock.now
        var current: Lease?
        do {
            current = try await client.get(Lease.self, lease.name, in: lease.namespace)
        } catch let error where error.apiFailure?.isNotFound == true {
            current = nil
        }
        let action = candidate.action(
            for: current.map { $0.spec ?? LeaseSpec() }, now: clock.now, wallClock: wallClock())
        switch action {
        case .wait(let holder): return holder
        case .create(let spec):
            let metadata = ObjectMeta(name: lease.name, namespace: lease.namespace)
            try await client.create(Lease(metadata: metadata, spec: spec))
        case .update(let spec):
            guard var changed = current else { return nil }
            changed.spec = spec
            try await client.update(changed)
        }
        candidate.succeeded(startedAt: started)
        return nil
    }

    private func release() async {
        do {
            var current = try await client.get(Lease.self, lease.name, in: lease.namespace)
            guard let spec = candidate.release(current.spec ?? LeaseSpec(), wallClock: wallClock()) else { return }
            current.spec = spec
            try await client.update(current)
            client.logger.info("lease given back", metadata: ["lease": "\(lease)"])
        } catch {
            client.logger.warning("the lease could not be given back", metadata: ["error": "\(error)"])
        }
    }
}

extension LeaderElection<ContinuousClock> {
    package init(
        client: KubernetesClient, lease: ObjectKey, identity: String, timing: LeaseTiming = LeaseTiming()
    ) {
        self.init(client: client, lease: lease, identity: identity, timing: timing, clock: ContinuousClock())
    }
}
