import ClusterAPI
import ConntrackDriver
import EgressNames
import FlowModel
import Foundation
import KubernetesClient
import NFTables
import NetworkTypes
import NodeAgent
import NodeModel
import Synchronization
import TestSupport
import Testing

/// The agent and the process that learns names.
@Suite("Names, ordered and followed")
struct NamesTests {
    private static let firewall = EgressFirewall(
        namespace: "shop",
        spec: EgressFirewallSpec(
            egress: [.init(type: "Allow", to: .init(dnsName: "*.example.com"))]
                + ["0.0.0.0/0", "::/0"].map { .init(type: "Deny", to: .init(cidrSelector: $0)) }))
    private static let web = ObjectKey(namespace: "shop", name: "web")

    private static func line(_ address: String) throws -> String {
        let entry = LearnedAddress(
            client: web, name: try #require(DomainName("www.example.com")), address: try #require(IPAddress(address)),
            deadline: 99)
        return String(decoding: try JSONEncoder().encode(LearnedLine.add(entry)), as: UTF8.self) + "\n"
    }

    /// A run directory, and what the other process does in it.
    private struct Directory {
        let path: String

        func orders() throws -> NameOrders {
            let text = try Data(contentsOf: URL(filePath: path + "/" + NameFiles.orders))
            return try JSONDecoder().decode(NameOrders.self, from: text)
        }

        var hasOrders: Bool { FileManager.default.fileExists(atPath: path + "/" + NameFiles.orders) }

        /// Another file, as after a restart.
        func replace(_ lines: [String]) throws {
            let begin = String(decoding: try JSONEncoder().encode(LearnedLine.begin), as: UTF8.self) + "\n"
            try Data((begin + lines.joined()).utf8).write(to: URL(filePath: journal), options: .atomic)
        }

        func append(_ text: String) throws {
            let file = try FileHandle(forWritingTo: URL(filePath: journal))
            defer { try? file.close() }
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
        }

        private var journal: String { path + "/" + NameFiles.journal }
    }

    private func withNames(_ body: (NodeAgent, FakeKernel, Directory) async throws -> Void) async throws {
        let kernel = FakeKernel()
        let path = FileManager.default.temporaryDirectory.path() + "/names-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = Cluster.configuration
        configuration.nameInterval = .milliseconds(5)
        configuration.nameServers = [try #require(IPAddress("192.0.2.53"))]
        let directory = Directory(path: path)
        try await Cluster.withAgent(kernel, configuration: configuration, names: NameFiles(runDirectory: path)) {
            agent in
            var dns = Service(metadata: ObjectMeta(name: "kube-dns", namespace: "kube-system"))
            dns.spec = ServiceSpec(clusterIPs: ["172.30.0.10"])
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], services: [dns])
            try await agent.attach(Cluster.attachment("web", 5))
            try await body(agent, kernel, directory)
        }
    }

    @Test("orders are written when a pod mentions a name, after the kernel has the sets, and say all that is needed")
    func orders() async throws {
        try await withNames { agent, kernel, directory in
            #expect(!directory.hasOrders)
            await agent.receive(.upserted(Self.firewall))
            try await eventually { directory.hasOrders }
            let orders = try directory.orders()
            #expect(
                orders.pods.map(\.key) == [Self.web]
                    && orders.pods[0].addresses == Cluster.attachment("web", 5).addresses)
            #expect(orders.sets.map(\.selectors) == [orders.pods[0].selectors])
            #expect(orders.pods[0].selectors.map(\.description) == ["*.example.com."])
            #expect(orders.nameServers.map(\.description) == ["172.30.0.10", "192.0.2.53"])
            #expect(
                orders.bounds.clusterRanges.map(\.description) == ["10.128.0.0/14", "192.168.7.1/32", "192.168.7.2/32"])
            #expect(orders.bounds.zone == DomainName("cluster.local"))
            let sets = kernel.state.withLock { $0.tables["inet"]?.sets ?? [:] }
            #expect(sets[Name(orders.sets[0].v4)] != nil && sets[Name(orders.sets[0].v6)] != nil)
            await agent.receive(.replaced([EgressFirewall]()))
            try await eventually { try directory.orders().pods.isEmpty }
            #expect(try directory.orders().revision == orders.revision + 1)
        }
    }

    @Test("sets that somebody removed are made again with what was learned, and ordered again")
    func seeds() async throws {
        try await withNames { agent, kernel, directory in
            await agent.receive(.upserted(Self.firewall))
            try await eventually { directory.hasOrders }
            let before = try directory.orders()
            try directory.replace([try Self.line("192.0.2.7")])
            // Another pod's attachment is another pass: by then the journal is read.
            try await eventually { try await agent.judgesAsAllowed("192.0.2.7") }
            kernel.state.withLock { state in
                state.tables["inet"] = nil
                state.wasChangedByOthers = true
            }
            try await eventually { try directory.orders().revision > before.revision }
            let set = kernel.state.withLock { $0.tables["inet"]?.sets[Name(before.sets[0].v4)] }
            #expect(set?.elements.count == 1)
            #expect(try directory.orders().asksSame(as: before))
        }
    }

    @Test("a connection to an address that was just learned is kept; to one that was forgotten it ends")
    func revocation() async throws {
        try await withNames { agent, kernel, directory in
            try directory.replace([])
            await agent.receive(.upserted(Self.firewall))
            try await eventually { directory.hasOrders }
            let learned = try connection("10.128.1.5", "192.0.2.7", 443)
            let other = try connection("10.128.1.5", "192.0.2.8", 443)
            // As the other process does: first the journal, then the pod may connect.
            for round in 0..<20 {
                let address = "192.0.2.\(100 + round)"
                let fresh = try connection("10.128.1.5", address, 443)
                try directory.append(try Self.line(address))
                kernel.state.withLock { $0.connections = [fresh] }
                await agent.receive(.upserted(Cluster.pod("web", labels: ["round": "\(round)"])))
                try await agent.attach(Cluster.attachment("web", 5))
                #expect(kernel.state.withLock { $0.connections } == [fresh])
            }
            try directory.append(try Self.line("192.0.2.7"))
            try await eventually { try await agent.judgesAsAllowed("192.0.2.7") }
            #expect(try await agent.namesInFlows(to: "192.0.2.7") == ["www.example.com"])
            #expect(try await agent.namesInFlows(to: "192.0.2.8") == nil)
            kernel.state.withLock { $0.connections = [learned, other] }
            // What is unfinished does not count, and another file is the whole truth.
            try directory.append(String(try Self.line("192.0.2.8").dropLast()))
            try directory.replace([])
            try await eventually { kernel.state.withLock { $0.connections }.isEmpty }
        }
    }

    @Test("orders are written when they are others, and no sooner; what cannot be read of the journal is a problem")
    func quiet() async throws {
        try await withNames { agent, _, directory in
            await agent.receive(.upserted(Self.firewall))
            try await eventually { directory.hasOrders }
            let orders = try directory.orders()
            await agent.receive(.upserted(Cluster.pod("web", labels: ["app": "other"])))
            try await agent.attach(Cluster.attachment("web", 5))
            #expect(try directory.orders() == orders)
            #expect(NameFiles(runDirectory: directory.path).lastOrders() == orders)
            try directory.replace(["{\"op\":\"forget\"}\n"])
            try await eventually { await agent.status().problems.contains { $0.hasPrefix("names: what was learned") } }
            try directory.replace([try Self.line("192.0.2.7")])
            try await eventually { await agent.status().problems.isEmpty }
        }
    }
}

/// A TCP connection without translation.
private func connection(_ client: String, _ server: String, _ port: UInt16) throws -> ConntrackEntry {
    let (from, to) = (try #require(IPAddress(client)), try #require(IPAddress(server)))
    return ConntrackEntry(
        original: .init(
            source: from, destination: to, ipProtocol: 6, detail: .ports(source: 40000, destination: port)),
        reply: .init(source: to, destination: from, ipProtocol: 6, detail: .ports(source: port, destination: 40000)))
}

extension NodeAgent {
    /// By what it tells the flow log.
    fileprivate func judgesAsAllowed(_ address: String) throws -> Bool {
        try judgement(of: address)?.egress.allowed ?? false
    }

    fileprivate func namesInFlows(to address: String) throws -> [String]? {
        try judgement(of: address)?.destination.names
    }

    private func judgement(of address: String) throws -> FlowVerdict.Judgement? {
        let source = try #require(IPAddress("10.128.1.5"))
        let destination = try #require(IPAddress(address))
        let flow = FlowKey(
            ipProtocol: 6, source: source, destination: destination, sourcePort: 40_000, destinationPort: 443)
        return judge([flow]).first ?? nil
    }
}
