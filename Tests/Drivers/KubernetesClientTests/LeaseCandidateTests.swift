import ClusterAPI
import KubernetesClient
import Testing

private typealias Candidate = LeaseCandidate<ContinuousClock.Instant>

@Suite struct LeaseCandidateTests {
    private let start = ContinuousClock.now
    private let wall = Timestamp(microsecondsSince1970: 1_700_000_000_000_000)

    private func held(by holder: String, transitions: Int = 4) -> LeaseSpec {
        var spec = LeaseSpec(holderIdentity: holder, leaseDurationSeconds: 15)
        spec.renewTime = "r"
        spec.acquireTime = "a"
        spec.leaseTransitions = transitions
        return spec
    }

    @Test("without a lease, one is created")
    func create() {
        var candidate = Candidate(identity: "me")
        guard case .create(let spec) = candidate.action(for: nil, now: start, wallClock: wall) else {
            Issue.record("no lease was created")
            return
        }
        #expect(spec.holderIdentity == "me")
        #expect(spec.leaseTransitions == 0)
        #expect(spec.renewTime == "2023-11-14T22:13:20.000000Z")
    }

    @Test("another's lease is taken only when it has stood still for its whole duration on our clock")
    func patience() {
        var candidate = Candidate(identity: "me")
        let first = held(by: "other")
        #expect(candidate.action(for: first, now: start, wallClock: wall) == .wait(for: "other"))
        #expect(candidate.action(for: first, now: start + .seconds(14), wallClock: wall) == .wait(for: "other"))
        var renewed = first
        renewed.renewTime = "r2"
        #expect(candidate.action(for: renewed, now: start + .seconds(15), wallClock: wall) == .wait(for: "other"))
        #expect(candidate.action(for: renewed, now: start + .seconds(29), wallClock: wall) == .wait(for: "other"))
        guard case .update(let spec) = candidate.action(for: renewed, now: start + .seconds(30), wallClock: wall) else {
            Issue.record("the lease was not taken")
            return
        }
        #expect(spec.holderIdentity == "me")
        #expect(spec.leaseTransitions == 5)
    }

    @Test("a lease that was given back is taken at once")
    func released() {
        var candidate = Candidate(identity: "me")
        guard case .update(let spec) = candidate.action(for: held(by: ""), now: start, wallClock: wall) else {
            Issue.record("the lease was not taken")
            return
        }
        #expect(spec.holderIdentity == "me")
    }

    @Test("renewing keeps the time of acquisition and the number of transitions")
    func renewal() {
        var candidate = Candidate(identity: "me")
        guard case .update(let spec) = candidate.action(for: held(by: "me"), now: start, wallClock: wall) else {
            Issue.record("the lease was not renewed")
            return
        }
        #expect(spec.acquireTime == "a")
        #expect(spec.leaseTransitions == 4)
        #expect(spec.renewTime == wall.micros)
    }

    @Test("leading ends with the renew deadline, which comes before the lease runs out for others")
    func deadline() {
        var candidate = Candidate(identity: "me")
        #expect(candidate.deadline == nil)
        candidate.succeeded(startedAt: start)
        #expect(candidate.deadline == start + .seconds(10))
        candidate.succeeded(startedAt: start + .seconds(2))
        #expect(candidate.deadline == start + .seconds(12))
        candidate.resign()
        #expect(candidate.deadline == nil)
        #expect(candidate.timing.renewDeadline < .seconds(candidate.timing.leaseSeconds))
    }

    @Test("only one's own lease is given back")
    func release() {
        let candidate = Candidate(identity: "me")
        #expect(candidate.release(held(by: "other"), wallClock: wall) == nil)
        #expect(candidate.release(held(by: "me"), wallClock: wall)?.holderIdentity == "")
    }
}
