import ClusterAPI
import Testing

@testable import Lab

@Suite("manifests for a live cluster")
struct ManifestPlanTests {
    private let topology = LabTopology.standard(nodes: 2)

    private func pod(_ name: String, _ extra: [String: JSONValue] = [:]) -> JSONValue {
        .object(
            ["kind": "Pod", "metadata": ["name": .string(name), "namespace": "x", "uid": "old"]]
                .merging(extra) { $1 })
    }

    @Test("namespaces that objects only mention are made, once, and default is not")
    func namespaces() {
        let policy: JSONValue = ["kind": "NetworkPolicy", "metadata": ["name": "p", "namespace": "y"]]
        let here: JSONValue = ["kind": "Pod", "metadata": ["name": "z"]]
        let external: JSONValue = ["kind": "ExternalIPPolicy", "metadata": ["name": "e"]]
        let plan = ManifestPlan([pod("a"), pod("b"), policy, external, here], on: topology)
        #expect(plan.namespaces.compactMap { $0["metadata"]?["name"]?.string } == ["x", "y"])
        #expect(plan.pods.count == 3)
        #expect(plan.admission == [external] && plan.others == [policy])
    }

    @Test("what only an API server may write is left out, and a pod's end becomes an annotation")
    func cleaning() {
        let plan = ManifestPlan(
            [
                pod("a", ["status": ["phase": "Failed", "podIP": "10.0.0.9"]]),
                pod("b", ["status": ["podIP": "10.0.0.8"]]),
            ],
            on: topology)
        #expect(plan.pods.allSatisfy { $0["status"] == nil && $0["metadata"]?["uid"] == nil })
        let phases = plan.pods.map { $0["metadata"]?["annotations"]?[ManifestPlan.phaseAnnotation] }
        #expect(phases == [.string("Failed"), nil])
    }

    @Test("pods of a node that the lab does not have stay together on one that it has")
    func nodes() {
        let names = ["far", "node-2", "far", "farther"]
        let pods = names.enumerated().map { pod("p\($0)", ["spec": ["nodeName": .string($1)]]) }
        let plan = ManifestPlan(pods, on: topology)
        let placed = plan.pods.compactMap { $0["spec"]?["nodeName"]?.string }
        #expect(placed == ["node-1", "node-2", "node-1", "node-2"])
        #expect(plan.notes.count == 2)
    }

    @Test("a pod without containers or images gets what the API server asks for")
    func completion() {
        let plan = ManifestPlan([pod("a"), pod("b", ["spec": ["containers": [["name": "c"]]]])], on: topology)
        for pod in plan.pods {
            let containers = pod["spec"]?["containers"]?.array ?? []
            #expect(containers.count == 1 && containers[0]["image"]?.string != nil)
        }
    }

    @Test("pods go to the emptiest node that their selector admits")
    func scheduling() {
        var topology = topology
        topology.nodes[1].labels = ["disk": "fast"]
        var scheduler = Scheduler(topology)
        var fast = Pod(metadata: ObjectMeta(name: "f"), spec: PodSpec())
        fast.spec?.nodeSelector = ["disk": "fast"]
        let any = Pod(metadata: ObjectMeta(name: "a"), spec: PodSpec())
        #expect(
            [fast, any, any, fast, any].map { scheduler.place($0) } == [
                "node-2", "node-1", "node-1", "node-2", "node-1",
            ])
        fast.spec?.nodeSelector = ["disk": "slow"]
        #expect(scheduler.place(fast) == nil)
    }
}
