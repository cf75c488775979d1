import FoundationEssentials
import Lab
import LinuxSystem
import NetworkTypes
import ToolRunner

/// What Gabion is measured against: two machines whose pods hang on Debian's `bridge` CNI plugin, without any policy, and
/// plain routes between the machines.
final class BridgeNetwork: Sendable {
    private let names: [String]
    private let tools = ToolRunner()
    private let directory: String
    private let responder: ProcessHandle

    /// Pod namespaces: two on the first machine, one on the second.
    static let local = ("gbench-m1-p1", "gbench-m1-p2")
    static let remote = "gbench-m2-p1"
    static let port: UInt16 = 8080

    private init(names: [String], directory: String, responder: ProcessHandle) {
        self.names = names
        self.directory = directory
        self.responder = responder
    }

    static func up() async throws -> BridgeNetwork {
        let names = ["gbench-m1", "gbench-m2", local.0, local.1, remote]
        let tools = ToolRunner()
        for name in names { try? NetworkNamespace.delete(named: name) }
        for name in names {
            try NetworkNamespace.create(named: name)
            _ = try await tools.run("ip", ["link", "set", "lo", "up"], in: .named(name))
        }
        let directory = "/tmp/gabion-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await join(tools)
        for (machine, pod, subnet) in [
            ("gbench-m1", local.0, "10.61.1.0/24"), ("gbench-m1", local.1, "10.61.1.0/24"),
            ("gbench-m2", remote, "10.61.2.0/24"),
        ] { try await attach(pod, to: machine, subnet: subnet, directory, tools) }
        var program = Program(
            try LabBinaries().responder, ["--identity", "bench/bridge", "tcp/\(port)"], environment: [:])
        program.namespace = .named(local.1)
        let network = BridgeNetwork(names: names, directory: directory, responder: try program.spawn())
        try await Task.sleep(for: .milliseconds(100))
        return network
    }

    /// A wire between the machines, and routes to each other's pods.
    private static func join(_ tools: ToolRunner) async throws {
        try await run(tools, "gbench-m1", "link add under type veth peer name under netns gbench-m2")
        for (machine, own, other, subnet) in [
            ("gbench-m1", "10.60.0.1", "10.60.0.2", "10.61.2.0/24"),
            ("gbench-m2", "10.60.0.2", "10.60.0.1", "10.61.1.0/24"),
        ] {
            try await run(tools, machine, "address add \(own)/24 dev under")
            try await run(tools, machine, "link set under up")
            try await run(tools, machine, "route add \(subnet) via \(other)")
            try await withNetworkNamespace(.named(machine)) { try Sysctl.write("net/ipv4/ip_forward", "1") }
        }
    }

    private static func run(_ tools: ToolRunner, _ machine: String, _ words: String) async throws {
        _ = try await tools.run("ip", words.split(separator: " ").map(String.init), in: .named(machine))
    }

    private static func attach(
        _ pod: String, to machine: String, subnet: String, _ directory: String, _ tools: ToolRunner
    ) async throws {
        let configuration =
            #"{"cniVersion":"0.4.0","name":"\#(machine)","type":"bridge","bridge":"br","isGateway":true,"#
            + #""ipam":{"type":"host-local","dataDir":"\#(directory)","subnet":"\#(subnet)","routes":[{"dst":"0.0.0.0/0"}]}}"#
        _ = try await tools.run(
            "env",
            [
                "CNI_COMMAND=ADD", "CNI_PATH=/usr/lib/cni", "CNI_CONTAINERID=\(pod)",
                "CNI_NETNS=\(NetworkNamespace.path(of: pod))", "CNI_IFNAME=eth0", "/usr/lib/cni/bridge",
            ], input: Array(configuration.utf8), in: .named(machine))
    }

    func down() async throws {
        _ = try? await responder.end(grace: .zero)
        for name in names { try NetworkNamespace.delete(named: name) }
        try FileManager.default.removeItem(atPath: directory)
    }

    /// Between two pods of one machine, or of two.
    func meter(acrossNodes: Bool) -> LoadMeter {
        // host-local gives .2 first: .1 is the bridge's own.
        LoadMeter(
            client: .named(acrossNodes ? Self.remote : Self.local.0), server: .named(Self.local.1),
            address: IPAddress(v4: 0x0A3D_0103), port: Self.port)
    }
}
