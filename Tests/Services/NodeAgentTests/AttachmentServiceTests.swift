import CNISpec
import ClusterAPI
import Foundation
import Logging
import NetworkTypes
import NodeAgent
import NodeAgentFakes
import NodeModel
import RoutingDriver
import Synchronization
import TestSupport
import Testing

@Suite("CNI verbs keep addresses, interfaces and rules together")
struct AttachmentServiceTests {
    /// One node with fakes below it, and the plugin's side of the conversation.
    final class Node: Sendable {
        let directory: TemporaryDirectory
        let datapath: FakeDatapath
        let wiring = FakeWiring()
        let clock = Mutex<Int64>(1_000_000)

        init(subnets: [String] = ["10.128.0.0/24", "fd01::/120"]) throws {
            directory = try TemporaryDirectory()
            datapath = FakeDatapath(subnets: subnets)
        }

        /// A fresh agent over the same kernel and the same state directory.
        func start() throws -> PluginAnswer {
            PluginAnswer(service: try service())
        }

        func service() throws -> AttachmentService {
            try AttachmentService(
                datapath: datapath, wiring: wiring, file: LedgerFile(stateDirectory: directory.path),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                now: { [self] in clock.withLock { $0 } })
        }
    }

    func request(
        _ command: String, container: String = "c1", version: String = "1.1.0", extra: String = "",
        pod: String = "web-0", network: String = "gabion", interface: String = "eth0"
    ) throws -> PluginRequest {
        let invocation = try Invocation(environment: [
            "CNI_COMMAND": command, "CNI_CONTAINERID": container, "CNI_NETNS": "/run/netns/\(container)",
            "CNI_IFNAME": interface, "CNI_ARGS": "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=\(pod)",
        ])
        return PluginRequest(
            invocation: invocation,
            configuration: #"{"cniVersion":"\#(version)","name":"\#(network)","type":"gabion-cni"\#(extra)}"#)
    }

    func result(_ response: PluginResponse) throws -> CNIResult {
        try #require(response.exitCode == 0, "\(response.output)")
        return try JSONDecoder().decode(CNIResult.self, from: Data(response.output.utf8))
    }

    func code(_ response: PluginResponse) throws -> Int {
        try JSONDecoder().decode(PluginError.Document.self, from: Data(response.output.utf8)).code
    }

    @Test("ADD gives an address of each family and names both ends")
    func add() async throws {
        let node = try Node()
        let result = try result(await node.start().respond(to: request("ADD")))
        #expect(result.ips?.map(\.address) == ["10.128.0.2/32", "fd01::2/128"])
        #expect(result.ips?.map(\.gateway) == ["169.254.1.1", "fe80::1"])
        #expect(result.interfaces?.map(\.sandbox) == [nil, "/run/netns/c1"])
        #expect(result.routes?.map(\.dst) == ["0.0.0.0/0", "::/0"])
        #expect(node.datapath.state.withLock { $0.attached.count } == 1)
    }

    @Test("ADD twice for one container answers the same and wires once")
    func idempotent() async throws {
        let node = try Node()
        let agent = try node.start()
        let first = try result(await agent.respond(to: request("ADD")))
        #expect(try result(await agent.respond(to: request("ADD"))) == first)
        #expect(node.wiring.state.withLock { $0.connects } == 1)
    }

    @Test("addresses survive a restart of the agent, and its pods are handed to the datapath")
    func restart() async throws {
        let node = try Node()
        let before = try result(await node.start().respond(to: request("ADD")))
        let service = try node.service()
        try await service.adoptSurvivors()
        #expect(node.datapath.state.withLock { $0.adopted.map(\.pod.name) } == ["web-0"])
        #expect(try result(await PluginAnswer(service: service).respond(to: request("ADD"))) == before)
    }

    @Test("a pod whose interface vanished while the agent was away gives its address back")
    func vanished() async throws {
        let node = try Node()
        _ = try result(await node.start().respond(to: request("ADD")))
        node.wiring.state.withLock { $0.interfaces = [:] }
        let service = try node.service()
        try await service.adoptSurvivors()
        #expect(await service.records.isEmpty)
        #expect(node.datapath.state.withLock { $0.adopted.isEmpty })
    }

    @Test("DEL removes everything, twice is fine, and the address rests before it is used again")
    func delete() async throws {
        let node = try Node()
        let agent = try node.start()
        let first = try result(await agent.respond(to: request("ADD")))
        #expect(await agent.respond(to: try request("DEL")) == PluginResponse(exitCode: 0, output: ""))
        #expect(await agent.respond(to: try request("DEL")) == PluginResponse(exitCode: 0, output: ""))
        #expect(node.wiring.state.withLock { $0.interfaces.isEmpty })
        #expect(node.datapath.state.withLock { $0.attached.isEmpty })
        let second = try result(await agent.respond(to: request("ADD", container: "c2")))
        #expect(second.ips?.first?.address != first.ips?.first?.address)
    }

    @Test(
        "DEL of one of a container's two interfaces leaves the other attached, of the same network or of another",
        arguments: ["gabion", "storage"])
    func deleteOneOfTwo(second: String) async throws {
        let node = try Node()
        let service = try node.service()
        let agent = PluginAnswer(service: service)
        _ = try result(await agent.respond(to: request("ADD")))
        let kept = await agent.respond(to: try request("ADD", network: second, interface: "net1"))
        let address = try #require(try result(kept).ips?.first?.address)
        #expect(await agent.respond(to: try request("DEL")).exitCode == 0)
        let attached = node.datapath.state.withLock { $0.attached.values.flatMap { $0.addresses } }
        #expect(attached.map(\.description).contains(String(address.prefix { $0 != "/" })))
        #expect(await service.records.map(\.key.interfaceName) == ["net1"])
        #expect(node.wiring.state.withLock { $0.interfaces.count } == 1)
        let previous = #","prevResult":\#(kept.output)"#
        let check = try request("CHECK", extra: previous, network: second, interface: "net1")
        #expect(await agent.respond(to: check).exitCode == 0)
    }

    @Test("an ADD that fails leaves nothing behind", arguments: ["wiring", "datapath"])
    func rollback(_ part: String) async throws {
        let node = try Node()
        if part == "wiring" {
            node.wiring.state.withLock { $0.connectFailure = "no such namespace" }
        } else {
            node.datapath.state.withLock {
                $0.refusal = .notConfirmed(pod: ObjectKey(namespace: "shop", name: "web-0"), lastFailure: "ENOMEM")
            }
        }
        let service = try node.service()
        let response = await PluginAnswer(service: service).respond(to: try request("ADD"))
        #expect(try code(response) == 102)
        #expect(await service.records.isEmpty)
        #expect(node.wiring.state.withLock { $0.interfaces.isEmpty })
    }

    @Test("without its subnet the agent asks the runtime to try again")
    func notReady() async throws {
        let node = try Node()
        node.datapath.state.withLock { $0.network = nil }
        #expect(try code(await node.start().respond(to: request("ADD"))) == 11)
    }

    @Test("when addresses run out, ADD and STATUS say so and nothing is recorded")
    func exhausted() async throws {
        let node = try Node(subnets: ["10.128.0.0/30"])
        let service = try node.service()
        let agent = PluginAnswer(service: service)
        _ = try result(await agent.respond(to: request("ADD", container: "c1")))
        #expect(try code(await agent.respond(to: request("ADD", container: "c2"))) == 101)
        #expect(try code(await agent.respond(to: request("STATUS"))) == 50)
        #expect(await service.records.count == 1)
    }

    @Test("STATUS is silent when ready and code 50 when not")
    func status() async throws {
        let node = try Node()
        let agent = try node.start()
        #expect(await agent.respond(to: try request("STATUS")) == PluginResponse(exitCode: 0, output: ""))
        node.datapath.state.withLock { $0.isReady = false }
        #expect(try code(await agent.respond(to: request("STATUS"))) == 50)
    }

    @Test("CHECK finds a missing interface, a foreign prevResult and an unknown container")
    func check() async throws {
        let node = try Node()
        let agent = try node.start()
        let added = await agent.respond(to: try request("ADD"))
        let previous = #","prevResult":\#(added.output)"#
        #expect(await agent.respond(to: try request("CHECK", extra: previous)).exitCode == 0)
        #expect(try code(await agent.respond(to: request("CHECK"))) == 7)
        #expect(try code(await agent.respond(to: request("CHECK", container: "c9", extra: previous))) == 3)
        let foreign = previous.replacingOccurrences(of: "10.128.0.2/32", with: "10.128.0.77/32")
        #expect(try code(await agent.respond(to: request("CHECK", extra: foreign))) == 100)
        node.wiring.state.withLock { $0.interfaces = [:] }
        #expect(try code(await agent.respond(to: request("CHECK", extra: previous))) == 100)
    }

    @Test("CHECK tells what the kernel no longer has of the node's side and the rules")
    func checkKernel() async throws {
        let node = try Node()
        let agent = try node.start()
        let added = await agent.respond(to: try request("ADD"))
        node.datapath.state.withLock { $0.faults = ["to be mended: put neighbour 10.128.0.2"] }
        let answer = await agent.respond(to: try request("CHECK", extra: #","prevResult":\#(added.output)"#))
        #expect(try code(answer) == 100)
        #expect(answer.output.contains("put neighbour 10.128.0.2"))
    }

    @Test("a record that cannot be written is an I/O failure, uses up no address and frees none")
    func unwritableRecord() async throws {
        let node = try Node()
        let service = try node.service()
        let agent = PluginAnswer(service: service)
        let first = try result(await agent.respond(to: request("ADD", container: "c1", pod: "one")))
        let files = FileManager.default
        try files.moveItem(atPath: node.directory.path, toPath: node.directory.path + "-away")
        let refused = await agent.respond(to: try request("ADD", container: "c2", pod: "two"))
        #expect(try code(refused) == 5)
        #expect(refused.output.contains("cannot be recorded"))
        // The same container in another namespace, as after a restart of its sandbox.
        var moved = try request("ADD", container: "c1", pod: "one")
        moved = PluginRequest(
            invocation: try Invocation(environment: [
                "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c1", "CNI_NETNS": "/run/netns/other", "CNI_IFNAME": "eth0",
                "CNI_ARGS": "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=one",
            ]), configuration: moved.configuration)
        #expect(try code(await agent.respond(to: moved)) == 5)
        #expect(await service.records.map(\.namespacePath) == ["/run/netns/c1"])
        try files.moveItem(atPath: node.directory.path + "-away", toPath: node.directory.path)
        let second = try result(await agent.respond(to: request("ADD", container: "c2", pod: "two")))
        #expect(first.ips?.first?.address == "10.128.0.2/32")
        #expect(second.ips?.first?.address == "10.128.0.3/32")
    }

    @Test("GC keeps what the runtime lists and removes the rest, stray interfaces included")
    func collect() async throws {
        let node = try Node()
        let service = try node.service()
        let agent = PluginAnswer(service: service)
        for container in ["c1", "c2", "c3"] {
            _ = try result(await agent.respond(to: request("ADD", container: container, pod: container)))
        }
        let record = try #require(await service.records.first)
        var stray = record.interface
        stray.hostName = "gabffffffffffff"
        try await node.wiring.connect(stray)
        let list = #","cni.dev/valid-attachments":[{"containerID":"c2","ifname":"eth0"}]"#
        #expect(await agent.respond(to: try request("GC", extra: list)).exitCode == 0)
        #expect(await service.records.map(\.key.containerID) == ["c2"])
        #expect(node.wiring.state.withLock { $0.interfaces.count } == 1)
    }

    @Test("GC without the list of valid attachments removes nothing")
    func collectWithoutList() async throws {
        let node = try Node()
        let service = try node.service()
        let agent = PluginAnswer(service: service)
        _ = try result(await agent.respond(to: request("ADD")))
        #expect(try code(await agent.respond(to: request("GC"))) == 7)
        #expect(await service.records.count == 1)
    }

    @Test("in a chain the earlier plugin's interfaces stay first")
    func chained() async throws {
        let node = try Node()
        let previous = #","prevResult":{"cniVersion":"1.1.0","interfaces":[{"name":"lo","sandbox":"/x"}],"ips":[]}"#
        let result = try result(await node.start().respond(to: request("ADD", extra: previous)))
        #expect(result.interfaces?.first?.name == "lo")
        #expect(result.ips?.map(\.interface) == [2, 2])
    }

    @Test("a record that cannot be read stops the agent and stays as it is")
    func corrupt() async throws {
        let node = try Node()
        let file = node.directory.path + "/attachments.json"
        try Data("{broken".utf8).write(to: URL(filePath: file))
        #expect(throws: LedgerError.self) { try node.service() }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "{broken")
    }

    @Test("fifty containers at once get fifty different addresses")
    func concurrent() async throws {
        let node = try Node()
        let agent = try node.start()
        let requests = try (0..<50).map { try request("ADD", container: "c\($0)", pod: "p\($0)") }
        let addresses = try await withThrowingTaskGroup(of: PluginResponse.self) { group in
            for request in requests { group.addTask { await agent.respond(to: request) } }
            return try await group.reduce(into: Set<String>()) { set, response in
                set.insert(try result(response).ips?.first?.address ?? "")
            }
        }
        #expect(addresses.count == 50)
    }
}
