import ClusterAPI
import FailoverModel
import NetworkTypes
import Testing

@Suite struct FailoverPlanTests {
    static func node(_ name: String, _ addresses: [String], labels: [String: String] = [:]) -> Node {
        Node(
            metadata: ObjectMeta(name: name, labels: labels),
            status: NodeStatus(addresses: addresses.map { NodeAddress(type: "InternalIP", address: $0) }))
    }

    static let nodes = [
        node("a", ["192.0.2.1", "2001:db8::1"], labels: ["edge": "yes"]),
        node("b", ["192.0.2.2", "2001:db8::2"], labels: ["edge": "yes"]),
        node("c", ["192.0.2.3"]),
    ]

    static func group(
        _ name: String, _ addresses: [String], since: String = "2026-01-01T00:00:00Z",
        _ change: (inout FailoverGroupSpec) -> Void = { _ in }
    ) -> FailoverGroup {
        var spec = FailoverGroupSpec(addresses: addresses)
        change(&spec)
        var group = FailoverGroup(name: name, spec: spec)
        group.metadata.creationTimestamp = since
        return group
    }

    static let interfaces = [
        InterfaceAddress(interface: "eth0", address: IPAddress(v4: 0xC000_0201), prefixLength: 24),
        InterfaceAddress(interface: "eth1", address: IPAddress(v4: 0xC633_6401), prefixLength: 24),
        IPAddress("2001:db8::1").flatMap { InterfaceAddress(interface: "eth0", address: $0, prefixLength: 64) },
    ].compactMap(\.self)

    struct Texts: Sendable, CustomTestStringConvertible {
        let text: String
        let count: Int
        let problem: String?
        var testDescription: String { text }
    }

    static let texts = [
        Texts(text: "192.0.2.10", count: 1, problem: nil),
        Texts(text: "2001:db8::10", count: 1, problem: nil),
        Texts(text: "192.0.2.16/30", count: 2, problem: nil),
        Texts(text: "192.0.2.16/31", count: 2, problem: nil),
        Texts(text: "192.0.2.0/24", count: 254, problem: nil),
        Texts(text: "2001:db8::10/124", count: 15, problem: nil),
        Texts(text: "192.0.2.10-192.0.2.19", count: 10, problem: nil),
        Texts(text: "2001:db8::1-2001:db8::4", count: 4, problem: nil),
        Texts(text: "10.0.0.0/8", count: 0, problem: "more than 255"),
        Texts(text: "10.0.0.0-10.0.0.255", count: 0, problem: "more than 255"),
        Texts(text: "192.0.2.19-192.0.2.10", count: 0, problem: "is no address"),
        Texts(text: "192.0.2.19-2001:db8::1", count: 0, problem: "is no address"),
        Texts(text: "127.0.0.1", count: 0, problem: "no address of one host"),
        Texts(text: "fe80::1", count: 0, problem: "no address of one host"),
        Texts(text: "239.1.1.1", count: 0, problem: "no address of one host"),
        Texts(text: "}\nvrrp_script x {", count: 0, problem: "is no address"),
    ]

    @Test("addresses, networks and ranges are understood, and other texts refused with the reason", arguments: texts)
    func parse(_ text: Texts) {
        let (addresses, problem) = FailoverAddresses.parse(text.text)
        #expect(addresses.count == text.count)
        if let expected = text.problem { #expect(problem?.contains(expected) == true) } else { #expect(problem == nil) }
    }

    @Test("router ids count up by family, in the order of the list, and wrong entries keep their places")
    func routerIDs() {
        let plan = FailoverPlan(
            [
                Self.group("g", ["192.0.2.10", "192.0.2.1", "2001:db8::10", "192.0.2.12"]) { $0.firstRouterID = 40 }
            ], nodes: Self.nodes)
        #expect(plan.groups.first?.addresses.map(\.routerID) == [40, 40, 42])
        #expect(plan.groups.first?.problems == ["spec.addresses[1]: 192.0.2.1 is a node's own address"])
    }

    @Test("of two groups that want the same address or router id, the older has it")
    func conflicts() {
        let plan = FailoverPlan(
            [
                Self.group("young", ["192.0.2.10", "192.0.2.20"], since: "2026-02-01T00:00:00Z") {
                    $0.firstRouterID = 2
                },
                Self.group("old", ["192.0.2.10-192.0.2.12"]),
            ], nodes: Self.nodes)
        #expect(plan.groups.map { $0.group.key.name } == ["old", "young"])
        #expect(plan.groups.map(\.addresses.count) == [3, 0])
        #expect(plan.groups[1].problems.count == 2)
        #expect(plan.groups[1].problems[0].contains("is an address of the FailoverGroup \"old\""))
        #expect(plan.groups[1].problems[1].contains("virtual router id 3, as one of the FailoverGroup \"old\""))
    }

    @Test("only selected nodes with an address of the family hold addresses")
    func members() throws {
        let plan = FailoverPlan(
            [
                Self.group("g", ["192.0.2.10", "2001:db8::10"]),
                Self.group("edge", ["192.0.2.30"]) {
                    $0.firstRouterID = 100
                    $0.nodeSelector = LabelSelector(matchLabels: ["edge": "yes"])
                },
                Self.group("nowhere", ["192.0.2.40"]) {
                    $0.firstRouterID = 150
                    $0.nodeSelector = LabelSelector(matchLabels: ["edge": "no"])
                },
            ], nodes: Self.nodes)
        let byName = Dictionary(uniqueKeysWithValues: plan.groups.map { ($0.group.key.name, $0) })
        #expect(byName["g"]?.addresses.map { $0.nodes.sorted() } == [["a", "b", "c"], ["a", "b"]])
        #expect(byName["edge"]?.addresses.map { $0.nodes.sorted() } == [["a", "b"]])
        #expect(byName["nowhere"]?.problems == ["spec.nodeSelector: selects no node"])
    }

    @Test("all nodes have other priorities for an address, and know each other as peers")
    func priorities() {
        let plan = FailoverPlan([Self.group("g", ["192.0.2.10"])], nodes: Self.nodes)
        let locals = ["a", "b", "c"].enumerated().map { index, name in
            let own = IPAddress(v4: 0xC000_0201 + UInt32(index))
            let interface = InterfaceAddress(interface: "eth0", address: own, prefixLength: 24)
            return plan.local(to: name, interfaces: [interface].compactMap(\.self)).instances.first
        }
        #expect(Set(locals.compactMap { $0?.priority }) == [250, 230, 210])
        for (index, local) in locals.enumerated() {
            #expect(local?.peers.count == 2)
            #expect(local?.source == IPAddress(v4: 0xC000_0201 + UInt32(index)))
            #expect(local?.peers.contains(IPAddress(v4: 0xC000_0201 + UInt32(index))) == false)
        }
    }

    @Test("an address goes to the interface of its network, or to the one that is named")
    func interface() {
        let plan = FailoverPlan(
            [
                Self.group("g", ["192.0.2.10", "198.51.100.10", "203.0.113.10", "2001:db8::10"]),
                Self.group("named", ["192.0.2.11"]) {
                    $0.firstRouterID = 50
                    $0.interface = "eth1"
                },
                Self.group("missing", ["192.0.2.12"]) {
                    $0.firstRouterID = 60
                    $0.interface = "bond7"
                },
            ], nodes: Self.nodes)
        let local = plan.local(to: "a", interfaces: Self.interfaces)
        #expect(local.instances.map(\.addressInterface) == ["eth0", "eth1", "eth0", "eth0", "eth1"])
        #expect(local.instances.allSatisfy { $0.interface == "eth0" })
        #expect(local.problems == ["missing": ["node a has no interface bond7 with an address"]])
    }

    @Test("two hundred nodes have two hundred priorities")
    func manyNodes() {
        let nodes = (1...200).map { Self.node("n\($0)", ["10.0.0.\($0)"]) }
        let plan = FailoverPlan([Self.group("g", ["192.0.2.10"])], nodes: nodes)
        let priorities = (1...200).compactMap { number -> UInt8? in
            let own = InterfaceAddress(
                interface: "eth0", address: IPAddress(v4: 0x0A00_0000 + UInt32(number)), prefixLength: 24)
            return plan.local(to: "n\(number)", interfaces: [own].compactMap(\.self)).instances.first?.priority
        }
        #expect(priorities.count == 200 && Set(priorities).count == 200)
    }
}
