import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import Testing

@Suite("verdicts of manifests about a running lab")
struct ClusterSnapshotTests {
    private let web = ObjectKey(namespace: "a", name: "web")
    private let ghost = ObjectKey(namespace: "a", name: "ghost")

    private func snapshot() throws -> ClusterSnapshot {
        var pod = Pod(
            metadata: ObjectMeta(name: "web", namespace: "a", labels: ["v": "live"]), spec: PodSpec(nodeName: "node-1"))
        pod.status = PodStatus(phase: "Running", podIPs: ["10.128.0.2"])
        let manifest = { (name: String) -> JSONValue in
            [
                "kind": "Pod", "metadata": ["name": .string(name), "namespace": "a", "labels": ["v": "file"]],
                "spec": ["nodeName": "elsewhere"], "status": ["podIP": "192.0.2.1"],
            ]
        }
        return try ClusterSnapshot(pods: [pod]).under([
            ["kind": "List", "items": [manifest("web"), manifest("ghost")]]
        ])
    }

    @Test("labels are the manifests', addresses and nodes the lab's")
    func overlay() throws {
        let pods = try snapshot().pods
        #expect(pods.map(\.key) == [web, ghost])
        #expect(pods.allSatisfy { $0.labels == ["v": "file"] })
        #expect(pods.map(\.addressTexts) == [["10.128.0.2"], []])
        #expect(pods[0].spec?.nodeName == "node-1")
    }

    @Test("a pod that the lab does not run, and an address that nobody has, are not probed")
    func places() throws {
        let topology = LabTopology.standard()
        let places = Places(.standard, topology, pods: try snapshot().pods)
        let nobody = IPAddress(v4: 0x0808_0808)
        let flow = { Flow(from: $0, to: $1, transport: .tcp, port: 80) }
        #expect(places.probe(for: flow(.pod(ghost), .pod(web))) == .failure(.noSuchPod(ghost)))
        #expect(places.probe(for: flow(.pod(web), .address(nobody))) == .failure(.nobodys(nobody)))
        let outside = try #require(topology.outside.first?.addresses.first)
        let probe = try places.probe(for: flow(.address(outside), .pod(web))).get()
        #expect(probe.source == .named("gabion-lab-outside-internet"))
        #expect((probe.sourceAddress, probe.destination) == (outside, IPAddress(v4: 0x0A80_0002)))
    }
}
