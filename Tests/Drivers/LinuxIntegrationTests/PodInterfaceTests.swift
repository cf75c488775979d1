import LinkState
import LinuxSystem
import NetworkTypes
import RoutingDriver
import TestSupport
import Testing

@Suite("Pod interface", .requiresRoot)
struct PodInterfaceTests {
    static let addresses = [IPAddress(v4: 0x0A01_0005), IPAddress(family: .v6, bits: UInt128(0xFD00_0001) << 96 | 5)]

    static func pod(in namespace: TestNamespace, number: Int = 0) -> PodInterface {
        PodInterface(
            hostName: "gab\(number)", hostMAC: MACAddress(bits: 0x0AFE_0000_0001), namespacePath: namespace.path,
            addresses: addresses, mtu: 1450, alias: "default/web")
    }

    @Test("node and pod reach each other, in both families; nothing differs afterwards; deletion takes both ends")
    func lifeOfAPod() throws {
        let node = try TestNamespace("node")
        let inside = try TestNamespace("pod", loopback: false)
        let pod = Self.pod(in: inside)
        let netlink = try Rtnetlink(in: node.reference)
        try netlink.setUp(pod)
        #expect(try netlink.check(pod).isEmpty)
        var state = pod.hostState
        // The node's own addresses, from which it speaks to pods.
        for (number, family) in IPAddress.Family.allCases.enumerated() {
            let bits = family == .v4 ? 0xC000_0201 : UInt128(0xFD00_0009) << 96 | UInt128(number)
            state.addresses.insert(LinkState.Address(IPAddress(family: family, bits: bits), device: "gab0"))
        }
        try netlink.reconcile(state)
        for address in Self.addresses {
            #expect(try Probe.ping(from: node.reference, to: address))
        }
        for address in state.addresses.map(\.address) {
            #expect(try Probe.ping(from: inside.reference, to: address))
        }
        #expect(try netlink.deleteLink(named: "gab0"))
        #expect(try !netlink.deleteLink(named: "gab0"))
        #expect(try Rtnetlink(in: inside.reference).index(of: "eth0") == nil)
        #expect(!(try netlink.check(pod).isEmpty))
    }

    @Test("a second setup replaces what the first left")
    func setUpTwice() throws {
        let node = try TestNamespace("node")
        let inside = try TestNamespace("pod")
        let netlink = try Rtnetlink(in: node.reference)
        try netlink.setUp(Self.pod(in: inside))
        try netlink.setUp(Self.pod(in: inside))
        #expect(try netlink.check(Self.pod(in: inside)).isEmpty)
    }

    @Test("a failed setup leaves nothing on the node")
    func failureLeavesNothing() throws {
        let node = try TestNamespace("node")
        let inside = try TestNamespace("pod")
        try inside.run("/usr/sbin/ip", "link", "add", "eth0", "type", "bridge")
        let netlink = try Rtnetlink(in: node.reference)
        #expect(throws: RoutingError.self) { try netlink.setUp(Self.pod(in: inside)) }
        #expect(try netlink.observe().isEmpty)
        #expect(throws: SystemError.self) {
            try netlink.setUp(
                PodInterface(
                    hostName: "gab1", hostMAC: MACAddress(bits: 2), namespacePath: "/run/netns/gbt-none", addresses: [],
                    mtu: 1450))
        }
    }

    @Test("setting up is quick")
    func quick() throws {
        let node = try TestNamespace("node")
        let netlink = try Rtnetlink(in: node.reference)
        let inside = try (0..<10).map { _ in try TestNamespace("pod") }
        var durations: [Duration] = []
        for (number, namespace) in inside.enumerated() {
            let pod = Self.pod(in: namespace, number: number)
            durations.append(try ContinuousClock().measure { try netlink.setUp(pod) })
        }
        let median = durations.sorted()[durations.count / 2]
        // 3 ms alone on the machine; other tests run at the same time.
        #expect(median < .milliseconds(60), "median \(median)")
        print("pod setup: median \(median), all \(durations)")
    }
}
