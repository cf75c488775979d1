import ClusterAPI
import ClusterController
import KubernetesClient
import Testing

@Suite struct NetIDPlanTests {
    private func plan(_ namespaces: [String], _ ids: [String: UInt32]) -> ClusterPlan {
        let snapshot = ClusterSnapshot(
            networks: Mirror([Given.network()]), namespaces: Mirror(namespaces.map(Given.namespace)),
            netNamespaces: Mirror(ids.map { NetNamespace(netname: $0.key, netid: $0.value) }))
        var memory = AllocationMemory()
        return ClusterPlan.make(for: snapshot, memory: &memory)
    }

    @Test("default is global, others count from 10")
    func fresh() {
        #expect(
            plan(["b", "default", "a"], [:]).actions.map(\.description) == [
                "create NetNamespace a with id 10", "create NetNamespace b with id 11",
                "create NetNamespace default with id 0",
            ])
    }

    @Test("ids that exist are kept, and those of namespaces that are gone are removed")
    func existing() {
        let actions = plan(["a", "new"], ["a": 12, "gone": 40]).actions.map(\.description)
        #expect(actions == ["delete NetNamespace gone", "create NetNamespace new with id 41"])
    }

    @Test("an id that cannot be is reported")
    func invalid() {
        let plan = plan(["a"], ["a": 1 << 24])
        #expect(plan.actions.isEmpty)
        #expect(plan.findings.map(\.reason) == [.invalidNetID])
    }

    @Test("an unreadable NetNamespace stops new ids")
    func unreadable() {
        var snapshot = ClusterSnapshot(networks: Mirror([Given.network()]), namespaces: Mirror([Given.namespace("a")]))
        snapshot.netNamespaces.apply(.unreadable(.init(key: ObjectKey(namespace: "", name: "b"), reason: "r")))
        var memory = AllocationMemory()
        let plan = ClusterPlan.make(for: snapshot, memory: &memory)
        #expect(plan.actions.isEmpty)
        #expect(plan.findings.map(\.reason) == [.unreadableObject])
    }
}
