import ClusterAPI
import FoundationEssentials
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Addresses that move between nodes", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct FailoverSuite {
    private static let addresses = ["192.168.250.100", "192.168.250.101", "192.168.250.102"]
    private static let nodes = ["node-1", "node-2", "node-3"]

    private static let group: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "FailoverGroup", "metadata": ["name": "edge"],
        "spec": [
            "addresses": ["192.168.250.100-192.168.250.102"], "preemptDelaySeconds": 1,
            "healthCheck": ["http": ["port": 8099, "intervalMilliseconds": 100]], "ports": [["port": 8099]],
        ],
    ]

    @Test("each node holds its share, gives it up when it is not well, and keeps it when gabion is killed")
    func shares() async throws {
        try await SuiteLab.with(.standard(nodes: 3), objects: []) { lab in
            let directory = try TemporaryDirectory()
            var servers: [String: ProcessHandle] = [:]
            for node in Self.nodes { servers[node] = try await Self.server(node, lab, directory) }
            try await lab.apply([Self.group])
            try await eventually("an address for each node", within: .seconds(40)) {
                let holders = try await Self.holders(lab)
                return Set(holders.values) == Set(Self.nodes) && holders.count == 3
            }
            let outside = try await lab.namespace(of: "outside/internet")
            for address in Self.addresses.compactMap({ IPAddress($0) }) {
                try await eventually("\(address) answers") { try TestSupport.Probe.ping(from: outside, to: address) }
                let open = SocketAddress(address, port: 8_099)
                #expect(try TestSupport.Probe.connect(from: outside, to: open) == .connected)
            }
            try await unwell(lab, servers)
            servers["node-1"] = try await Self.server("node-1", lab, directory)
            try await eventually("node-1 has its address again", within: .seconds(30)) {
                Set(try await Self.holders(lab).values) == Set(Self.nodes)
            }
            try await killed(lab)
            try await lab.delete([Self.group])
            for node in Self.nodes {
                try await eventually("no address is left on \(node)", within: .seconds(20)) {
                    try await Self.local(node, lab).isEmpty
                }
            }
            for server in servers.values { try server.terminate() }
        }
    }

    private func unwell(_ lab: Lab, _ servers: [String: ProcessHandle]) async throws {
        try servers["node-1"]?.terminate()
        try await eventually("node-1 gives up its address", within: .seconds(20)) {
            let holders = try await Self.holders(lab)
            return holders.count == 3 && Set(holders.values) == ["node-2", "node-3"]
        }
        #expect(try await Self.local("node-1", lab).isEmpty)
        let reasons = try await lab.withClient { client in
            try await client.list(ClusterAPI.Event.self, in: "default").items.filter {
                $0.involvedObject.name == "edge"
            }
        }
        try #require(!reasons.isEmpty)
        for reason in ["AddressTaken", "AddressReleased", "HealthCheckFailed"] {
            #expect(reasons.contains { $0.reason == reason }, "\(reason)")
        }
    }

    /// keepalived outlives its gabion, and the next one finds it.
    private func killed(_ lab: Lab) async throws {
        let before = try await Self.holders(lab)
        let name = "failover-node-2"
        let old = try #require(try lab.state().processes.first { $0.name == name }?.pid)
        let keepalived = try Self.keepalived("node-2", lab)
        try ProcessHandle(pid: old).send(.kill)
        try await eventually("gabion failover runs again", within: .seconds(20)) {
            let process = try lab.state().processes.first { $0.name == name }
            return process?.pid != nil && process?.pid != old
        }
        for _ in 0..<30 {
            try await Task.sleep(for: .milliseconds(100))
            try #require(try await !Self.local("node-2", lab).isEmpty, "the address left a node that is well")
        }
        #expect(try await Self.holders(lab) == before)
        #expect(try Self.keepalived("node-2", lab) == keepalived)
    }

    private static func keepalived(_ node: String, _ lab: Lab) throws -> String {
        try String(contentsOfFile: lab.directory.nodeFailover(node) + "/keepalived.pid", encoding: .utf8)
    }

    /// By address, who holds it as the API says.
    private static func holders(_ lab: Lab) async throws -> [String: String] {
        let group = try await lab.withClient { client in try await client.get(FailoverGroup.self, "edge") }
        let entries = group.status?.addresses ?? []
        #expect(entries.allSatisfy { $0.alsoHeldBy == nil || $0.node != nil })
        return Dictionary(entries.compactMap { entry in entry.node.map { (entry.address, $0) } }) { first, _ in first }
    }

    /// Those of the addresses that are on a node's interface.
    private static func local(_ node: String, _ lab: Lab) async throws -> [String] {
        let place = try await lab.namespace(of: "node/\(node)")
        let text = try TestProgram.run("/usr/sbin/ip", ["-o", "address", "show", "dev", "eth0"], in: place)
        return addresses.filter { text.contains(" \($0)/32 ") }
    }

    private static func server(_ node: String, _ lab: Lab, _ directory: TemporaryDirectory) async throws
        -> ProcessHandle
    {
        var program = Program(
            "/usr/bin/python3", ["-m", "http.server", "8099"], environment: ["PATH": "/usr/bin:/bin"])
        program.directory = directory.path
        program.namespace = try await lab.namespace(of: "node/\(node)")
        return try program.spawn()
    }
}
