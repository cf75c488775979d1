import ClusterAPI
import EgressAddressModel
import NetworkTypes
import TestRandom
import Testing

@Suite struct EgressAssignmentTests {
    /// Nodes n1… with the network 192.0.2.0/24, of which all may hold what EgressIPs ask for.
    private static func situation(_ count: Int = 3) -> EgressSituation {
        let names = (1...count).map { "n\($0)" }
        return EgressSituation(
            nodes: names.map { name in
                Node(metadata: ObjectMeta(name: name, labels: [EgressIP.assignableLabel: ""]))
            }, egressNodes: names.map { egressNode($0) }, clusterRanges: [CIDR("10.128.0.0/14")].compactMap(\.self))
    }

    private static func egressNode(_ name: String, _ addresses: [String] = []) -> EgressNode {
        var object = EgressNode(name: name, spec: EgressNodeSpec(addresses: addresses))
        object.status = EgressNodeStatus()
        object.status?.networks = ["192.0.2.0/24", "2001:db8::/64"]
        return object
    }

    private static func hostSubnet(_ node: String, ips: [String] = [], cidrs: [String] = []) -> HostSubnet {
        var subnet = HostSubnet(host: node, hostIPs: ["192.168.0.1"], subnets: ["10.128.0.0/23"])
        subnet.egressIPs = ips
        subnet.egressCIDRs = cidrs
        return subnet
    }

    private static func netNamespace(_ name: String, _ addresses: String...) -> NetNamespace {
        var namespace = NetNamespace(netname: name, netid: 7)
        namespace.egressIPs = addresses
        return namespace
    }

    private static func object(_ name: String, _ addresses: [String]) -> EgressIP {
        EgressIP(name: name, spec: EgressIPSpec(egressIPs: addresses, namespaceSelector: LabelSelector()))
    }

    private static func texts(_ assignment: EgressAssignment) -> [String: String] {
        Dictionary(uniqueKeysWithValues: assignment.holders.map { ("\($0.key)", $0.value) })
    }

    @Test("an address that a person put at a node is there, drained or not, and nowhere else when the node is lost")
    func manual() {
        var situation = Self.situation()
        situation.hostSubnets = [Self.hostSubnet("n2", ips: ["192.0.2.10"])]
        situation.netNamespaces = [Self.netNamespace("shop", "192.0.2.10")]
        #expect(Self.texts(EgressAssignment(situation)) == ["192.0.2.10": "n2"])
        situation.nodes[1].spec = NodeSpec()
        situation.nodes[1].spec?.unschedulable = true
        #expect(Self.texts(EgressAssignment(situation)) == ["192.0.2.10": "n2"])
        situation.lost = ["n2": "answers nobody"]
        situation.egressNodes[1] = Self.egressNode("n2", ["192.0.2.10"])
        let assignment = EgressAssignment(situation)
        #expect(assignment.holders.isEmpty && assignment.problems.map(\.message) == ["node n2 answers nobody"])
        // It is n2's in the ledger, and stays so.
        #expect(assignment.wanted(situation.egressNodes).values.sorted() == ["n2"])
    }

    @Test("a node with ranges is given addresses of namespaces: the fewest first, never two of one namespace")
    func automatic() {
        var situation = Self.situation()
        situation.hostSubnets = ["n1", "n2", "n3"].map { Self.hostSubnet($0, cidrs: ["192.0.2.0/25"]) }
        situation.netNamespaces = [
            Self.netNamespace("a", "192.0.2.10", "192.0.2.11"), Self.netNamespace("b", "192.0.2.12"),
        ]
        let assignment = EgressAssignment(situation)
        #expect(Set(assignment.holders.values).count == 3 && assignment.problems.isEmpty)
        #expect(assignment.listed.values.flatMap(\.self).count == 3)
        situation.netNamespaces = [Self.netNamespace("a", "192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.13")]
        let full = EgressAssignment(situation)
        #expect(full.holders.count == 3 && full.problems.count == 1)
        #expect(full.problems.first?.message.contains("a node holds one address of the namespace a") == true)
    }

    @Test("a zone's addresses are at its own egress nodes, or at those of EgressIPs if it names none")
    func zones() {
        var situation = Self.situation()
        situation.nodes[2].metadata.labels = ["zone": "dmz"]
        func zone(_ selector: LabelSelector?) -> Zone {
            let egress = ZoneSpec.Egress(addresses: ["192.0.2.10"], nodeSelector: selector)
            return Zone(name: "dmz", spec: ZoneSpec(order: 1, namespaceSelector: LabelSelector(), egress: egress))
        }
        situation.zones = [zone(LabelSelector(matchLabels: ["zone": "dmz"]))]
        #expect(Self.texts(EgressAssignment(situation)) == ["192.0.2.10": "n3"] && situation.isAsked)
        situation.zones = [zone(nil)]
        #expect(Self.texts(EgressAssignment(situation)) == ["192.0.2.10": "n1"])
        situation.zones = [zone(LabelSelector(matchLabels: ["zone": "none"]))]
        #expect(
            EgressAssignment(situation).problems.map { "\($0.asker): \($0.message)" } == [
                "Zone dmz: no node has the labels of egress.nodeSelector"
            ])
        situation.zones = [zone(nil)]
        situation.egressIPs = [Self.object("e", ["192.0.2.10"])]
        #expect(EgressAssignment(situation).holders.isEmpty, "asked for by two")
    }

    @Test("the address with the fewest nodes to go to is placed first, and another makes room for one without a place")
    func constrained() {
        var situation = Self.situation(2)
        situation.hostSubnets = [
            Self.hostSubnet("n1", cidrs: ["192.0.2.0/24"]), Self.hostSubnet("n2", cidrs: ["192.0.2.128/25"]),
        ]
        // .200 could go to either, .10 to n1 only.
        situation.netNamespaces = [Self.netNamespace("a", "192.0.2.200", "192.0.2.10")]
        #expect(Self.texts(EgressAssignment(situation)) == ["192.0.2.10": "n1", "192.0.2.200": "n2"])
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout EgressSituation) -> Void
        let words: String
    }

    static let refusals = [
        Refusal(
            testDescription: "two namespaces",
            change: { $0.netNamespaces = [netNamespace("a", "192.0.2.10"), netNamespace("b", "192.0.2.10")] },
            words: "namespace a and namespace b ask for it"),
        Refusal(
            testDescription: "an EgressIP and a namespace",
            change: {
                $0.netNamespaces = [netNamespace("a", "192.0.2.10")]
                $0.egressIPs = [object("e", ["192.0.2.10"])]
            }, words: "namespace a and EgressIP e ask for it"),
        Refusal(
            testDescription: "two HostSubnets",
            change: {
                $0.netNamespaces = [netNamespace("a", "192.0.2.10")]
                $0.hostSubnets = [hostSubnet("n1", ips: ["192.0.2.10"]), hostSubnet("n2", ips: ["192.0.2.10"])]
            }, words: "the HostSubnets n1 and n2 have it both"),
        Refusal(
            testDescription: "nobody's range", change: { $0.netNamespaces = [netNamespace("a", "192.0.2.10")] },
            words: "no HostSubnet has it"),
        Refusal(
            testDescription: "a HostSubnet alone", change: { $0.hostSubnets = [hostSubnet("n1", ips: ["192.0.2.10"])] },
            words: "no NetNamespace asks for it"),
        Refusal(
            testDescription: "a node's own",
            change: {
                $0.nodes[0].status = NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: "192.0.2.10")])
                $0.egressIPs = [object("e", ["192.0.2.10"])]
            }, words: "it is an address of node n1"),
        Refusal(
            testDescription: "a pod's", change: { $0.egressIPs = [object("e", ["10.128.0.9"])] },
            words: "it is in 10.128.0.0/14, which is the cluster's own"),
        Refusal(
            testDescription: "another network", change: { $0.egressIPs = [object("e", ["198.51.100.1"])] },
            words: "no interface of node n1 has a network with it"),
        Refusal(
            testDescription: "no node with the label",
            change: {
                $0.egressIPs = [object("e", ["192.0.2.10"])]
                for index in $0.nodes.indices { $0.nodes[index].metadata.labels = nil }
            }, words: "no node has the label k8s.ovn.org/egress-assignable"),
        Refusal(
            testDescription: "no process",
            change: {
                $0.egressIPs = [object("e", ["192.0.2.10"])]
                $0.egressNodes = []
            }, words: "node n1 runs no gabion egress"),
    ]

    @Test("what cannot be is at no node, and it is told why", arguments: refusals)
    func refuses(_ refusal: Refusal) {
        var situation = Self.situation()
        refusal.change(&situation)
        let assignment = EgressAssignment(situation)
        #expect(assignment.holders.isEmpty)
        #expect(assignment.problems.contains { $0.message.contains(refusal.words) }, "\(assignment.problems)")
    }

    @Test("one node never has two addresses of an EgressIP, both families are alike, and what is there stays")
    func objects() {
        var situation = Self.situation()
        situation.egressIPs = [Self.object("e", ["192.0.2.10", "2001:db8::10"]), Self.object("f", ["192.0.2.11"])]
        situation.egressNodes[2] = Self.egressNode("n3", ["192.0.2.10"])
        let holders = Self.texts(EgressAssignment(situation))
        #expect(holders["192.0.2.10"] == "n3" && holders["2001:db8::10"] != "n3" && Set(holders.values).count == 3)
    }

    @Test("only what was at a lost node moves; a node that is back is given some when it has less than half its share")
    func sticky() {
        var situation = Self.situation(4)
        situation.egressIPs = (0..<12).map { Self.object("e\($0)", ["192.0.2.\(20 + $0)"]) }
        func settle() -> [IPAddress: String] {
            let assignment = EgressAssignment(situation)
            situation.egressNodes = (1...4).map { number in
                let own = assignment.holders.filter { $0.value == "n\(number)" }.keys.sorted()
                return Self.egressNode("n\(number)", own.map(\.description))
            }
            return assignment.holders
        }
        let before = settle()
        #expect(Set(Dictionary(grouping: before.values) { $0 }.mapValues(\.count).values) == [3])
        situation.lost = ["n1": "answers nobody"]
        let during = settle()
        #expect(before.filter { $0.value != "n1" }.allSatisfy { during[$0.key] == $0.value })
        #expect(Set(Dictionary(grouping: during.values) { $0 }.mapValues(\.count).values) == [4])
        situation.lost = [:]
        let after = settle()
        let moved = during.filter { after[$0.key] != $0.value }
        #expect(moved.count == 2 && moved.keys.allSatisfy { after[$0] == "n1" })
        #expect(settle() == after)
    }

    @Test("any order of the same objects gives the same assignment", arguments: 0..<50)
    func determined(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var situation = Self.situation(2 + random.below(4))
        situation.egressIPs = (0..<random.below(9)).map { number in
            let addresses = (0...random.below(3)).map { _ in "192.0.2.\(random.below(40))" }
            return Self.object("e\(number)", Set(addresses).sorted())
        }
        if random.once(in: 2) { situation.lost = ["n1": "answers nobody"] }
        let first = EgressAssignment(situation)
        for (address, node) in first.holders {
            #expect(situation.lost[node] == nil)
            let asker = first.askers[address]
            let others = first.holders.filter { $0.key != address && $0.value == node && first.askers[$0.key] == asker }
            #expect(others.isEmpty)
        }
        situation.nodes.shuffle(using: &random)
        situation.egressIPs.shuffle(using: &random)
        situation.egressNodes.shuffle(using: &random)
        #expect(EgressAssignment(situation) == first)
    }
}
