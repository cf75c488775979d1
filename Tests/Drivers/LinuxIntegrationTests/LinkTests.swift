import LinkState
import LinuxSystem
import NetworkTypes
import RoutingDriver
import TestSupport
import Testing

@Suite("Links", .requiresRoot)
struct LinkTests {
    /// Two namespaces with a veth pair between them, `u0` at both ends, 192.0.2.1 and .2, fd00:2::1 and ::2.
    struct Pair {
        let left: TestNamespace
        let right: TestNamespace

        init(_ purpose: String) throws {
            left = try TestNamespace(purpose)
            right = try TestNamespace(purpose)
            let link = LinkState.Link(
                name: "u0", kind: .veth(peer: LinkState.VethPeer(name: "u0", namespacePath: right.path)))
            try Rtnetlink(in: left.reference).apply([.createLink(link)])
            for (namespace, number) in [(left, UInt128(1)), (right, UInt128(2))] {
                let netlink = try Rtnetlink(in: namespace.reference)
                try netlink.bringUp("u0")
                try netlink.apply([
                    .addAddress(.init(IPAddress(v4: 0xC000_0200 | UInt32(number)), prefixLength: 24, device: "u0")),
                    .addAddress(.init(Pair.v6(number), prefixLength: 64, device: "u0")),
                ])
            }
        }

        static func v6(_ number: UInt128) -> IPAddress {
            IPAddress(family: .v6, bits: UInt128(0xFD00_0002) << 96 | number)
        }
    }

    @Test("the addresses of a node are those of all its interfaces, without loopback and link-local ones")
    func localAddresses() throws {
        let pair = try Pair("local")
        try pair.left.run("/usr/sbin/ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1")
        try pair.left.run("/usr/sbin/ip", "address", "add", "172.17.0.1/16", "dev", "d0")
        try pair.left.run("/usr/sbin/ip", "address", "add", "10.9.0.1", "peer", "10.9.0.2", "dev", "d0")
        try pair.left.run("/usr/sbin/ip", "address", "add", "2001:db8::7/128", "dev", "lo")
        let found = try Rtnetlink(in: pair.left.reference).localAddresses()
        let expected = ["192.0.2.1", "fd00:2::1", "172.17.0.1", "10.9.0.1", "2001:db8::7"].compactMap { IPAddress($0) }
        #expect(found == Set(expected))
    }

    @Test("a veth pair is made across namespaces and carries packets")
    func vethAcrossNamespaces() throws {
        let pair = try Pair("veth")
        #expect(try Probe.ping(from: pair.left.reference, to: IPAddress(v4: 0xC000_0202)))
        #expect(try Probe.ping(from: pair.right.reference, to: Pair.v6(1)))
    }

    @Test("a VXLAN with static entries carries packets, over IPv4 and IPv6", arguments: [IPAddress.Family.v4, .v6])
    func overlay(underlay: IPAddress.Family) throws {
        let pair = try Pair("vxlan")
        func outer(_ number: UInt128) -> IPAddress {
            underlay == .v4 ? IPAddress(v4: 0xC000_0200 | UInt32(number)) : Pair.v6(number)
        }
        func mac(_ number: UInt128) -> MACAddress { MACAddress(bits: 0x0200_0000_0000 | UInt64(number)) }
        func inner(_ number: UInt128, _ family: IPAddress.Family) -> IPAddress {
            family == .v4
                ? IPAddress(v4: 0x0AC8_0001 | UInt32(number) << 8)
                : IPAddress(family: .v6, bits: UInt128(0xFD00_0003) << 96 | number << 64 | 1)
        }
        func state(_ own: UInt128, _ other: UInt128) throws -> LinkState {
            var state = LinkState()
            state.add(
                LinkState.Link(
                    name: "gabvxlan", kind: .vxlan(LinkState.VXLAN(id: .global, local: outer(own))), mac: mac(own),
                    mtu: 1430, addressGeneration: LinkState.Link.AddressGeneration.none))
            for family in IPAddress.Family.allCases {
                let next = inner(other, family)
                state.addresses.insert(LinkState.Address(inner(own, family), device: "gabvxlan"))
                state.neighbours.insert(LinkState.Neighbour(next, mac: mac(other), device: "gabvxlan"))
                let network = try #require(CIDR(next, prefixLength: family == .v4 ? 24 : 64))
                state.routes.insert(LinkState.Route(to: network, via: next, isOnLink: true, device: "gabvxlan"))
            }
            state.forwarding = [.init(mac(other), destination: outer(other), device: "gabvxlan")]
            return state
        }
        let left = try Rtnetlink(in: pair.left.reference)
        try left.reconcile(try state(1, 2))
        try Rtnetlink(in: pair.right.reference).reconcile(try state(2, 1))
        for family in IPAddress.Family.allCases {
            #expect(try Probe.ping(from: pair.left.reference, to: inner(2, family)), "\(family) over \(underlay)")
        }
        var without = try state(1, 2)
        without.forwarding = []
        #expect(try left.reconcile(without).count == 1)
        #expect(try !Probe.ping(from: pair.left.reference, to: inner(2, .v4), count: 1), "nothing is flooded")
    }

    @Test("properties of a link change in place")
    func changeInPlace() throws {
        let namespace = try TestNamespace("change")
        let netlink = try Rtnetlink(in: namespace.reference)
        var state = LinkState()
        state.add(LinkState.Link(name: "gab0", kind: .bridge, mtu: 1500, alias: "old"))
        try netlink.reconcile(state)
        let index = try netlink.index(of: "gab0")
        state.add(LinkState.Link(name: "gab0", kind: .bridge, mtu: 1400, isUp: false, alias: "", group: 5))
        let changes = try netlink.reconcile(state)
        #expect(changes.map(\.description) == ["change link gab0"])
        #expect(try netlink.index(of: "gab0") == index)
        let shown = try namespace.run("/usr/sbin/ip", "link", "show", "gab0")
        #expect(shown.contains("mtu 1400") && shown.contains("state DOWN") && shown.contains("group 5"))
        #expect(!shown.contains("alias"))
    }

    @Test("a link whose other end is not known cannot be made, and the error says so")
    func unknownPeer() throws {
        let namespace = try TestNamespace("peer")
        let link = LinkState.Link(name: "gab0", kind: .veth())
        let error = #expect(throws: RoutingError.self) {
            try Rtnetlink(in: namespace.reference).apply([.createLink(link)])
        }
        #expect(error?.description.contains("its other end is not known") == true)
    }
}
