import LinkState
import NetworkTypes
import RoutingDriver
import TestSupport
import Testing

@Suite("Shaping", .requiresRoot, .serialized)
struct ShapingTests {
    @Test("what tc says of a shaper is what was asked for")
    func witness() throws {
        let pair = try LinkTests.Pair("tbf")
        let netlink = try Rtnetlink(in: pair.left.reference)
        try netlink.apply([.putShaper(.init(device: "u0", rate: 1_250_000, burst: 65_536))])
        let told = try pair.left.run("/usr/sbin/tc", "qdisc", "show", "dev", "u0", "root")
        #expect(told.contains("qdisc tbf 47:"), "\(told)")
        #expect(told.contains("rate 10Mbit burst 64Kb lat 25ms"), "\(told)")
    }

    @Test("a shaper and a redirect that somebody removes are put back, and one of another kind is replaced")
    func mended() throws {
        let pair = try LinkTests.Pair("mend")
        let netlink = try Rtnetlink(in: pair.left.reference)
        let desired = Self.limited(250_000)
        try netlink.reconcile(desired, owning: .named(["u0", "gabq"]))
        for damage in [
            ["qdisc", "del", "dev", "u0", "root"], ["qdisc", "del", "dev", "u0", "clsact"],
            ["qdisc", "replace", "dev", "u0", "root", "pfifo"], ["filter", "del", "dev", "u0", "ingress"],
        ] {
            try TestProgram.run("/usr/sbin/tc", damage, in: pair.left.reference)
            #expect(try netlink.reconcile(desired, owning: .named(["u0", "gabq"])).count == 1, "\(damage)")
        }
        try pair.left.run("/usr/sbin/ip", "link", "delete", "gabq")
        #expect(try netlink.observe(.named(["u0"])).redirects == [.init(from: "u0", to: nil)])
        try netlink.reconcile(desired, owning: .named(["u0", "gabq"]))
        #expect(try netlink.observe(.named(["u0", "gabq"])).redirects == desired.redirects)
    }

    @Test("both families pass a shaped link in both directions, at the rate and not above", arguments: [1, 2])
    func rate(megabytesPerSecond: Double) async throws {
        let pair = try LinkTests.Pair("rate")
        let netlink = try Rtnetlink(in: pair.left.reference)
        try netlink.reconcile(Self.limited(UInt64(megabytesPerSecond * 1e6)), owning: .named(["u0", "gabq"]))
        #expect(try Probe.ping(from: pair.left.reference, to: IPAddress(v4: 0xC000_0202)))
        #expect(try Probe.ping(from: pair.right.reference, to: LinkTests.Pair.v6(1)))
        for (sender, receiver, address) in [
            (pair.left, pair.right, "192.0.2.2"), (pair.right, pair.left, "fd00:2::1"),
        ] {
            let measured = try await TransferRate.measure(
                from: sender.reference, to: receiver.reference, at: address)
            #expect((0.7...1.1).contains(measured / (megabytesPerSecond * 1e6)), "\(measured) bytes per second")
        }
    }

    /// What goes out by u0 and what comes in, each at `rate` bytes per second.
    private static func limited(_ rate: UInt64) -> LinkState {
        var state = LinkState()
        state.add(LinkState.Link(name: "u0", kind: .veth()))
        state.add(LinkState.Link(name: "gabq", kind: .queue))
        state.addresses.insert(LinkState.Address(IPAddress(v4: 0xC000_0201), prefixLength: 24, device: "u0"))
        state.addresses.insert(LinkState.Address(LinkTests.Pair.v6(1), prefixLength: 64, device: "u0"))
        for device in ["u0", "gabq"] {
            state.shapers.insert(LinkState.Shaper(device: device, rate: rate, burst: 66_000))
        }
        state.redirects = [LinkState.Redirect(from: "u0", to: "gabq")]
        return state
    }
}
