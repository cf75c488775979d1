import ClusterAPI
import EgressNames
import Foundation
import LinuxSystem
import NameLearner
import NetworkTypes
import TestSupport
import Testing

/// A node with two pods and the world outside, as the agent would have made them; policies let pods ask for names, and go where
/// the sets say.
final class NameNetwork: Sendable {
    static let selector = NameSelector(NamePattern(DomainName("www.example.com") ?? .root))
    static let key = ObjectKey(namespace: "shop", name: "a")

    let node: TestNamespace
    let pod: TestNamespace
    let other: TestNamespace
    let outside: TestNamespace
    let run: TemporaryDirectory
    let files: NameFiles

    init() throws {
        (node, pod, other, outside) = (
            try TestNamespace("node"), try TestNamespace("pod"), try TestNamespace("other"), try TestNamespace("out")
        )
        run = try TemporaryDirectory()
        files = NameFiles(directory: run.path)
        try plug(pod, "gabtest1", "10.128.0.1", "fd01::1")
        try plug(other, "gabtest2", "10.128.0.2", "fd01::2")
        try plugOutside()
        try load()
    }

    private func ip(_ namespace: TestNamespace, _ words: String) throws {
        try TestProgram.run("/usr/sbin/ip", words.split(separator: " ").map(String.init), in: namespace.reference)
    }

    private func plug(_ pod: TestNamespace, _ interface: String, _ v4: String, _ v6: String) throws {
        try ip(node, "link add \(interface) type veth peer name eth0 netns \(pod.name)")
        for words in [
            "link set \(interface) up", "addr add 169.254.1.1/32 dev \(interface)",
            "addr add fe80::1/64 dev \(interface) nodad", "route add \(v4) dev \(interface)",
            "route add \(v6) dev \(interface)",
        ] { try ip(node, words) }
        for words in [
            "link set eth0 up", "addr add \(v4)/32 dev eth0", "addr add \(v6)/128 dev eth0 nodad",
            "route add 169.254.1.1 dev eth0", "route add default via 169.254.1.1",
            "route add default via fe80::1 dev eth0",
        ] { try ip(pod, words) }
    }

    private func plugOutside() throws {
        try ip(node, "link add up0 type veth peer name eth0 netns \(outside.name)")
        for words in [
            "link set up0 up", "addr add 192.0.2.1/24 dev up0", "addr add 2001:db8::1/64 dev up0 nodad",
            "route add default via 192.0.2.2", "route add default via 2001:db8::2",
        ] { try ip(node, words) }
        for words in [
            "link set eth0 up", "addr add 192.0.2.2/24 dev eth0", "addr add 2001:db8::2/64 dev eth0 nodad",
            // The hosts whose names are asked for are all here.
            "route add local 198.18.0.0/15 dev lo", "route add local 2001:db8:9::/48 dev lo",
        ] { try ip(outside, words) }
        try node.inside {
            try Sysctl.write("net/ipv4/ip_forward", "1")
            try Sysctl.write("net/ipv6/conf/all/forwarding", "1")
        }
    }

    /// Services .10 outside, .11 at the other pod and .12 at the node itself; to pods and to hosts whose names were told.
    private func load() throws {
        let to = [
            ("10", "192.0.2.2", "2001:db8::2"), ("11", "10.128.0.2", "fd01::2"), ("12", "192.0.2.1", "2001:db8::1"),
        ]
        let services = to.map { last, v4, v6 in
            """
            ip daddr 10.96.0.\(last) meta l4proto { tcp, udp } th dport 53 dnat ip to \(v4)
            ip6 daddr fd96::\(last) meta l4proto { tcp, udp } th dport 53 dnat ip6 to \(v6)
            """
        }.joined(separator: "\n")
        let rules = try run.write(
            """
            table inet gabion {
            set names4-t { type ipv4_addr; }
            set names6-t { type ipv6_addr; }
            chain nat_prerouting {
            type nat hook prerouting priority -100;
            \(services)
            }
            chain nat_postrouting {
            type nat hook postrouting priority 100;
            oifname "up0" ip saddr 10.128.0.0/16 masquerade
            oifname "up0" ip6 saddr fd01::/64 masquerade
            }
            chain policy_forward {
            type filter hook forward priority 0; policy drop;
            iifname "gabdns0" accept
            ct state established,related accept
            iifname "gab*" meta l4proto { tcp, udp } th dport 53 accept
            iifname "gab*" ip daddr @names4-t accept
            iifname "gab*" ip6 daddr @names6-t accept
            }
            }

            """, to: "rules")
        try node.run("/usr/sbin/nft", "-f", rules)
    }

    // MARK: The agent's part

    func order(_ selectors: Set<NameSelector> = [NameNetwork.selector], revision: UInt64 = 1) throws {
        let addresses = ["10.128.0.1", "fd01::1"].compactMap { IPAddress($0) }
        let orders = NameOrders(
            revision: revision, sets: [.init(v4: "names4-t", v6: "names6-t", selectors: [Self.selector])],
            pods: [.init(key: Self.key, addresses: addresses, selectors: selectors)],
            bounds: NameBounds(clusterRanges: ["10.128.0.0/14", "192.0.2.0/24"].compactMap { CIDR($0) }),
            nameServers: ["10.96.0.10", "10.96.0.11", "10.96.0.12", "fd96::10", "fd96::11", "fd96::12"].compactMap {
                IPAddress($0)
            })
        try JSONEncoder().encode(orders).write(to: run.url("names.json.new"))
        try FileReplacement.move(run.file("names.json.new"), onto: files.orders)
    }

    func elements(_ set: String = "names4-t") throws -> String {
        try node.run("/usr/sbin/nft", "list", "set", "inet", "gabion", set)
    }

    // MARK: The learner

    struct Ended: Error { let log: String }

    /// The real program, and until answers pass by it.
    func startLearner() async throws -> ProcessHandle {
        var program = Program(try BuiltProgram.path("gabion"), ["names", "--run-dir", run.path])
        program.namespace = node.reference
        program.output = .file(run.file("log"))
        let process = try program.spawn()
        try await eventually("the learner is up") {
            guard process.isRunning else {
                throw Ended(log: (try? log) ?? "")
            }
            // Its first word comes when answers pass by it.
            return NameStatus.read(files.status)?.pid == process.pid
        }
        return process
    }

    var log: String { get throws { try String(contentsOfFile: run.file("log"), encoding: .utf8) } }

    var status: NameStatus { get throws { try #require(NameStatus.read(files.status)) } }
}
