import ClusterAPI
import Lab
import NetworkTypes
import Testing

@Suite("what a lab is made of")
struct LabTopologyTests {
    private func take(_ documents: [JSONValue], nodes: Int? = nil, ipv6: Bool = false) throws -> LabTopology {
        try LabTopology.take(from: documents, nodes: nodes, ipv6: ipv6).topology
    }

    @Test("without a topology the manifests' nodes are the lab's nodes, or there are two")
    func implied() throws {
        #expect(try take([]).nodes.map(\.name) == ["node-1", "node-2"])
        #expect(try take([], nodes: 3).nodes.count == 3)
        let pod: JSONValue = ["kind": "Pod", "spec": ["nodeName": "b"]]
        let node: JSONValue = ["kind": "Node", "metadata": ["name": "a", "labels": ["zone": "x"]]]
        let topology = try take([["kind": "List", "items": [pod, node]]])
        #expect(topology.nodes == [.init(name: "a", labels: ["zone": "x"]), .init(name: "b")])
    }

    @Test("a LabTopology document is taken out of the manifests, and what it leaves out is standard")
    func document() throws {
        let document: JSONValue = [
            "apiVersion": "gabion.io/v1", "kind": "LabTopology",
            "spec": [
                "ipv6": true, "nodes": [["name": "east"]],
                "outside": [["name": "web", "addresses": ["198.51.100.7"], "ports": ["tcp/443"]]],
            ],
        ]
        let (topology, objects) = try LabTopology.take(
            from: [document, ["kind": "Pod"]], nodes: nil, ipv6: false)
        #expect(objects == [["kind": "Pod"]])
        #expect(topology.nodes.map(\.name) == ["east"])
        #expect(topology.outside.first?.addresses == [IPAddress(v4: 0xC633_6407)])
        #expect(topology.addresses(ofNode: "east").map(\.family) == [.v4, .v6])
        #expect(topology.clusterNetworks.count == 2)
    }

    private static let faults: [(spec: JSONValue, word: String)] = [
        (["nodes": [["name": "A"]]], "'A'"), (["nodes": [["name": "a"], ["name": "a"]]], "twice"),
        (["nodes": []], "spec.nodes"), (["mtu": 100], "spec.mtu"), (["underlay": "10.0.0.0/30"], "spec.underlay"),
        (["underlay": "x"], "spec.underlay"), (["outside": [["name": "web"]]], "addresses"),
        (["outside": [["name": "web", "addresses": ["nowhere"]]]], "nowhere"),
    ]

    @Test("a topology that cannot be built is refused with the field", arguments: faults)
    func refusals(spec: JSONValue, word: String) {
        let error = #expect(throws: LabError.self) { try take([["kind": "LabTopology", "spec": spec]]) }
        #expect(error?.cause.contains(word) == true, "\(String(describing: error))")
    }

    @Test("two topologies, and a topology with --nodes, are refused")
    func contradictions() {
        let one: JSONValue = ["kind": "LabTopology"]
        #expect(throws: LabError.self) { try take([one, one]) }
        #expect(throws: LabError.self) { try take([one], nodes: 2) }
        #expect(throws: LabError.self) { try take([], nodes: 0) }
    }

    @Test(
        "a lab's name cannot be the beginning of another's",
        arguments: ["", "A", "a-b", "a_b", "aaaaaaaaaaaaaaaaaaaaa"])
    func names(text: String) {
        #expect(throws: LabError.self) { try LabName(text) }
    }
}
