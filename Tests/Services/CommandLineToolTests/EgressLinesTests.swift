import AddressAllocation
import ClusterAPI
import EgressAddressModel
import Testing

@testable import CommandLineTool

/// Egress addresses in `gabion status`.
@Suite struct EgressLinesTests {
    private static func node(
        _ name: String, _ addresses: [String] = [], held: [String] = [], releasing: [String] = [],
        silentTo: [String] = []
    ) -> EgressNode {
        var node = EgressNode(name: name, spec: EgressNodeSpec(addresses: addresses, releasing: releasing))
        node.status = EgressNodeStatus()
        node.status?.networks = ["192.0.2.0/24"]
        node.status?.held = held.map { EgressHolding(address: $0) }
        node.status?.silentTo = silentTo
        return node
    }

    private static func situation(_ addresses: [String], _ nodes: EgressNode...) -> EgressSituation {
        EgressSituation(
            nodes: ["n1", "n2"].map { name in
                Node(metadata: ObjectMeta(name: name, labels: [EgressIP.assignableLabel: ""]))
            },
            egressIPs: addresses.enumerated().map { index, address in
                EgressIP(
                    name: "e\(index)", spec: EgressIPSpec(egressIPs: [address], namespaceSelector: LabelSelector()))
            }, egressNodes: nodes)
    }

    private static func lines(_ situation: EgressSituation) -> [String] {
        EgressLines(situation).lines.map { "\($0.part) \($0.condition.rawValue): \($0.detail)" }
    }

    @Test("where nobody asks there is nothing to say")
    func silent() { #expect(Self.lines(Self.situation([], Self.node("n1"))).isEmpty) }

    @Test(
        "an address is at a node, on its way there or away, or at none, with who asks and why",
        arguments: [
            ([node("n1", ["192.0.2.7"], held: ["192.0.2.7"]), node("n2")], "ok: n1 (EgressIP e0)"),
            ([node("n1", ["192.0.2.7"]), node("n2")], "not ok: n1, which does not hold it yet (EgressIP e0)"),
            (
                [node("n1", held: ["192.0.2.7"], releasing: ["192.0.2.7"]), node("n2")],
                "not ok: leaving n1, which has not let it go yet (EgressIP e0)"
            ),
            (
                [node("n1", ["192.0.2.7"], held: ["192.0.2.7"], silentTo: ["n2"]), node("n2")],
                "not ok: n1, which does not answer n2 (EgressIP e0)"
            ),
            (
                [node("n1", ["192.0.2.7"]), node("n2", ["192.0.2.7"])],
                "not ok: in the ledger of n1 and n2: of no use (EgressIP e0)"
            ),
            (
                [],
                "not ok: no node (EgressIP e0): node n1 runs no gabion egress; node n2 runs no gabion egress"
            ),
        ] as [([EgressNode], String)])
    func places(nodes: [EgressNode], told: String) {
        var situation = Self.situation(["192.0.2.7"])
        situation.egressNodes = nodes
        #expect(Self.lines(situation) == ["egress 192.0.2.7 \(told)"])
    }

    @Test("what two ask for, what is another's, and what is no address are told; what nobody asks for any more, too")
    func conflicts() {
        var situation = Self.situation(["192.0.2.7", "192.0.2.7", "x"], Self.node("n1"), Self.node("n2"))
        #expect(
            Self.lines(situation) == [
                "egress 192.0.2.7 not ok: no node (EgressIP e0, EgressIP e1): EgressIP e0 and EgressIP e1 ask for it: "
                    + "an address is of one of them",
                "egress x not ok: no node: it is no address (EgressIP e2)",
            ])
        situation = Self.situation(["192.0.2.7"], Self.node("n1"), Self.node("n2"))
        situation.taken =
            TakenAddresses(
                services: [], rules: ExternalIPRules([]),
                groups: [FailoverGroup(name: "f", spec: FailoverGroupSpec(addresses: ["192.0.2.7"]))]
            ).words
        #expect(
            Self.lines(situation) == [
                "egress 192.0.2.7 not ok: no node (EgressIP e0): it is an address of FailoverGroup f"
            ])
        let left = Self.situation([], Self.node("n1", ["192.0.2.9"], held: ["192.0.2.9"]))
        #expect(Self.lines(left) == ["egress 192.0.2.9 not ok: n1 (nobody asks for it)"])
    }

    @Test("of many that are well the first twenty are shown and the rest is counted; what is not well stands before")
    func many() {
        let addresses = (10..<60).map { "192.0.2.\($0)" }
        let lines = Self.lines(
            Self.situation(addresses, Self.node("n1", addresses, held: Array(addresses.dropLast()))))
        #expect(lines.count == 22)
        #expect(lines.first == "egress 192.0.2.59 not ok: n1, which does not hold it yet (EgressIP e49)")
        #expect(lines.last == "egress ok: 29 more are where they are to be: gabion get egressnodes")
    }

    @Test("a table's line is within 80 columns for addresses of both families")
    func width() {
        var situation = Self.situation(["2001:db8:aaaa:bbbb::1234"])
        situation.egressNodes = [
            Self.node("node-1", ["2001:db8:aaaa:bbbb::1234"], held: ["2001:db8:aaaa:bbbb::1234"])
        ]
        #expect(EgressLines(situation).lines.map(\.text).first?.contains("\n") == false)
        situation.egressNodes = []
        let lines = EgressLines(situation).lines.flatMap { $0.text.split(separator: "\n") }
        #expect(lines.count > 1 && lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    }
}
