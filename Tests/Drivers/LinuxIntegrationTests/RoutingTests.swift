import LinkState
import LinuxSystem
import NetworkTypes
import RoutingDriver
import TestRandom
import TestSupport
import Testing

@Suite("Routing", .requiresRoot)
struct RoutingTests {
    @Test("what is applied is what is observed, and a second plan is empty", arguments: 0..<12)
    func applyAndObserve(seed: UInt64) throws {
        let namespace = try TestNamespace("route")
        let netlink = try Rtnetlink(in: namespace.reference)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3 {
            let desired = LinkState.random(&random)
            let changes = try netlink.reconcile(desired)
            let observed = try netlink.observe(settings: desired.settings.keys)
            #expect(observed.routes == desired.routes)
            #expect(observed.rules == desired.rules)
            #expect(observed.addresses == desired.addresses)
            #expect(observed.neighbours == desired.neighbours)
            #expect(observed.forwarding == desired.forwarding)
            #expect(observed.settings == desired.settings)
            #expect(observed.shapers == desired.shapers)
            #expect(observed.redirects == desired.redirects)
            #expect(Set(observed.links.keys) == Set(desired.links.keys))
            #expect(LinkState.plan(from: observed, to: desired).isEmpty)
            #expect(try netlink.reconcile(desired).isEmpty, "after \(changes.count) changes")
        }
        try netlink.reconcile(LinkState())
        #expect(try netlink.observe().isEmpty)
    }

    @Test(
        "a deprecated address is there, and nobody's source by itself", arguments: IPAddress.Family.allCases)
    func deprecatedAddress(family: IPAddress.Family) throws {
        let namespace = try TestNamespace("spare")
        let isV4 = family == .v4
        let own = isV4 ? "192.0.2.1" : "fd00::1"
        // Closer to the spare one than to the interface's own.
        let target = SocketAddress(try #require(IPAddress(isV4 ? "192.0.2.201" : "fd00::201")), port: 9)
        let spare = LinkState.Address(try #require(IPAddress(isV4 ? "192.0.2.200" : "fd00::200")), device: "other0")
        for command in [
            ["link", "add", "other0", "type", "veth", "peer", "name", "other1"],
            ["link", "set", "other0", "up"], ["link", "set", "other1", "up"],
            ["addr", "add", own + (isV4 ? "/24" : "/64"), "dev", "other0", "nodad"],
        ] { try TestProgram.run("/usr/sbin/ip", command, in: namespace.reference) }
        let netlink = try Rtnetlink(in: namespace.reference)
        func source() throws -> IPAddress? {
            try withNetworkNamespace(namespace.reference) {
                let socket = try Socket(.udp, family)
                _ = try socket.connect(to: target)
                return try socket.localAddress()?.address
            }
        }
        try netlink.addDeprecated(spare)
        #expect(try netlink.observe(.named(["other0"])).addresses.contains(spare))
        #expect(try source() == IPAddress(own))
        try netlink.apply([.removeAddress(spare)])
        #expect(try !netlink.observe(.named(["other0"])).addresses.contains(spare))
    }

    @Test("what belongs to others is neither seen nor touched")
    func foreignObjects() throws {
        let namespace = try TestNamespace("foreign")
        for command in [
            ["link", "add", "other0", "type", "vxlan", "id", "999", "dstport", "4788"],
            ["link", "set", "other0", "up"],
            ["addr", "add", "192.0.2.1/24", "dev", "other0"], ["route", "add", "10.99.0.0/24", "dev", "other0"],
            ["route", "add", "10.98.0.0/24", "dev", "other0", "proto", "static", "table", "71"],
            ["rule", "add", "from", "10.9.0.0/16", "lookup", "99", "priority", "500"],
            ["neigh", "add", "192.0.2.7", "lladdr", "02:00:00:00:00:07", "dev", "other0", "nud", "permanent"],
        ] { try TestProgram.run("/usr/sbin/ip", command, in: namespace.reference) }
        func witness() throws -> [String] {
            try [
                ["link", "show", "other0"], ["route", "show", "table", "all"], ["rule"],
                ["neigh", "show", "192.0.2.7"],
                ["addr", "show", "other0"],
            ]
            .map { try TestProgram.run("/usr/sbin/ip", $0, in: namespace.reference) }
        }
        let before = try witness()
        let netlink = try Rtnetlink(in: namespace.reference)
        #expect(try netlink.observe().isEmpty)
        var random = SeededGenerator(seed: 3)
        try netlink.reconcile(.random(&random))
        try netlink.reconcile(LinkState())
        for (now, then) in zip(try witness(), before) { #expect(now == then) }
    }

    @Test("a route that another made is not overwritten: the error names it and the reason")
    func conflict() throws {
        let namespace = try TestNamespace("conflict")
        try namespace.run("/usr/sbin/ip", "route", "add", "10.99.0.0/24", "dev", "lo")
        let netlink = try Rtnetlink(in: namespace.reference)
        var desired = LinkState()
        desired.routes = [
            LinkState.Route(to: try #require(CIDR("10.99.0.0/24")), device: "lo"),
            LinkState.Route(to: try #require(CIDR("10.98.0.0/24")), device: "lo"),
            LinkState.Route(to: try #require(CIDR("10.97.0.0/24")), device: "nowhere"),
        ]
        let error = #expect(throws: RoutingError.self) { try netlink.reconcile(desired) }
        let text = error?.description ?? ""
        #expect(
            text.contains(
                "cannot add route 10.99.0.0/24 dev lo in network namespace \(namespace.path): File exists (EEXIST)"))
        #expect(text.contains("cannot add route 10.97.0.0/24 dev nowhere"))
        #expect(text.contains("there is no interface nowhere"))
        #expect(try netlink.observe().routes.map(\.description) == ["10.98.0.0/24 dev lo"], "the others are tried")
    }

    @Test("the kernel's own words are in the error")
    func extendedAcknowledgement() throws {
        let namespace = try TestNamespace("extack")
        let netlink = try Rtnetlink(in: namespace.reference)
        let route = LinkState.Route(
            to: try #require(CIDR("10.1.0.0/24")), via: IPAddress("10.55.0.1"), device: "lo")
        let error = #expect(throws: RoutingError.self) { try netlink.apply([.addRoute(route)]) }
        #expect(error?.description.contains("Nexthop has invalid gateway") == true)
    }

    @Test("five thousand routes go in and out in a moment")
    func manyRoutes() throws {
        let namespace = try TestNamespace("bulk")
        let netlink = try Rtnetlink(in: namespace.reference)
        var desired = LinkState()
        for number in 0..<5000 {
            let address = IPAddress(v4: 0x0A00_0000 + UInt32(number) * 256)
            desired.routes.insert(LinkState.Route(to: CIDR(host: address), device: "lo", table: 71))
        }
        let duration = try ContinuousClock().measure { try netlink.reconcile(desired) }
        #expect(duration < .seconds(5))
        try netlink.reconcile(LinkState())
        #expect(try netlink.observe().isEmpty)
    }
}
