import ClusterAPI
import EgressNames
import FoundationEssentials
import Lab
import LinuxSystem
import NameLearner
import NetworkTypes
import ToolRunner

/// A node with two pods and a server: answers to one of the pods pass by `gabion names`, and it may go where 10,000 addresses are
/// known; the other pod may do all that without.
final class LearnerNetwork: Sendable {
    static let node = "gbench-names-node"
    static let learning = "gbench-names-pod"
    static let plain = "gbench-names-plain"
    static let server = "gbench-names-server"
    static let address = IPAddress(v4: 0xC000_0202)
    static let name = "www.example.org"
    static let port: UInt16 = 8080

    private let tools = ToolRunner()
    private let directory: String
    private let processes: [ProcessHandle]

    private init(_ directory: String, _ processes: [ProcessHandle]) {
        self.directory = directory
        self.processes = processes
    }

    static func up() async throws -> LearnerNetwork {
        let tools = ToolRunner()
        for name in [node, learning, plain, server] {
            try? NetworkNamespace.delete(named: name)
            try NetworkNamespace.create(named: name)
            try await run(tools, name, "link set lo up")
        }
        try await withNetworkNamespace(.named(node)) { try Sysctl.write("net/ipv4/ip_forward", "1") }
        for (pod, interface, address) in [(learning, "gabbench1", "10.128.0.1"), (plain, "gabbench2", "10.128.0.2")] {
            try await wire(tools, pod, interface, own: "\(address)/32", near: "169.254.1.1/32", back: address)
        }
        try await wire(tools, server, "up0", own: "192.0.2.2/24", near: "192.0.2.1/24", back: "192.0.2.0/24")
        _ = try await tools.run("nft", ["-f", "-"], input: Array(rules.utf8), in: .named(node))
        let directory = "/tmp/gabion-bench-names-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let files = NameFiles(directory: directory)
        try JSONEncoder().encode(orders).write(to: URL(filePath: files.orders))
        var responder = Program(
            try LabBinaries().responder, ["--identity", "bench/names", "tcp/\(port)"], environment: [:])
        responder.namespace = .named(server)
        var learner = Program(
            try LabBinaries().gabion, ["names", "--run-dir", directory, "--log-level", "error"],
            environment: Program.ownEnvironment)
        learner.namespace = .named(node)
        let network = LearnerNetwork(directory, [try responder.spawn(), try learner.spawn()])
        while NameStatus.read(files.status) == nil { try await Task.sleep(for: .milliseconds(20)) }
        return network
    }

    private static func wire(
        _ tools: ToolRunner, _ end: String, _ interface: String, own: String, near: String, back: String
    ) async throws {
        let gateway = near.split(separator: "/")[0]
        try await run(tools, node, "link add \(interface) type veth peer name eth0 netns \(end)")
        for words in [
            "link set \(interface) up", "address add \(near) dev \(interface)",
            "route replace \(back) dev \(interface)",
        ] {
            try await run(tools, node, words)
        }
        for words in [
            "link set eth0 up", "address add \(own) dev eth0", "route replace \(gateway) dev eth0",
            "route add default via \(gateway)",
        ] { try await run(tools, end, words) }
    }

    private static func run(_ tools: ToolRunner, _ place: String, _ words: String) async throws {
        _ = try await tools.run("ip", words.split(separator: " ").map(String.init), in: .named(place))
    }

    private static let selector = NameSelector(NamePattern(DomainName(name) ?? .root))

    /// One set is filled by what is measured; another has its 10,000.
    private static var orders: NameOrders {
        NameOrders(
            revision: 1, sets: [.init(v4: "names4-bench", v6: "names6-bench", selectors: [selector])],
            pods: [
                .init(
                    key: ObjectKey(namespace: "bench", name: "pod"), addresses: [IPAddress(v4: 0x0A80_0001)],
                    selectors: [selector])
            ],
            nameServers: [address])
    }

    private static var rules: String {
        let addresses = (0..<10_000).map { "198.19.\($0 / 250).\($0 % 250 + 1)" } + ["\(address)"]
        return """
            table inet gabion {
            set names4-bench { type ipv4_addr; }
            set names6-bench { type ipv6_addr; }
            set names4-full { type ipv4_addr; elements = { \(addresses.joined(separator: ", ")) } }
            chain policy_forward {
            type filter hook forward priority 0; policy drop;
            iifname "gabdns0" accept
            ct state established,related accept
            iifname "gabbench2" accept
            meta l4proto udp th dport 53 accept
            ip daddr @names4-bench accept
            ip daddr @names4-full accept
            }
            }

            """
    }

    func down() async throws {
        for process in processes { _ = try? await process.end(grace: .zero) }
        for name in [Self.node, Self.learning, Self.plain, Self.server] { try NetworkNamespace.delete(named: name) }
        try FileManager.default.removeItem(atPath: directory)
    }
}
