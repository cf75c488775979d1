import ClusterAPI
import ClusterController
import KubernetesClient
import Testing

@Suite struct SilentAgentsTests {
    private static func lease(_ name: String, _ renewal: String, in namespace: String = "kube-system") -> Lease {
        var spec = LeaseSpec(holderIdentity: "x", leaseDurationSeconds: 40)
        spec.renewTime = renewal
        return Lease(metadata: ObjectMeta(name: name, namespace: namespace), spec: spec)
    }

    @Test("an agent is silent when its Lease has not changed for its duration, whatever the time in it says")
    func judges() {
        let start = ContinuousClock.now
        var agents = SilentAgents<ContinuousClock.Instant>()
        func silent(_ renewal: String?, after seconds: Int) -> [String: String] {
            let leases = renewal.map { [Self.lease("gabion-agent-n1", $0)] } ?? []
            return agents.among(leases, now: start + .seconds(seconds))
        }
        // A clock that is years behind, or ahead, makes no difference.
        #expect(silent("1999", after: 0) == [:])
        #expect(silent("1999", after: 39) == [:])
        #expect(silent("1999", after: 40) == ["n1": "1999"])
        #expect(silent("2999", after: 41) == [:])
        #expect(silent("2999", after: 80) == [:])
        #expect(silent("2999", after: 81) == ["n1": "2999"])
        // No Lease is no judgement, and a new one counts from when it is seen.
        #expect(silent(nil, after: 200) == [:])
        #expect(silent("2999", after: 210) == [:])
    }

    @Test("other Leases are none of an agent's")
    func tellsLeases() {
        var agents = SilentAgents<ContinuousClock.Instant>()
        let leases = [
            Self.lease("gabion-controller", "1"), Self.lease("n1", "1", in: "kube-node-lease"),
            Self.lease("gabion-agent-n1", "1", in: "default"),
        ]
        let start = ContinuousClock.now
        #expect(agents.among(leases, now: start) == [:])
        #expect(agents.among(leases, now: start + .seconds(1000)) == [:])
    }
}
