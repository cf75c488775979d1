import AsyncHTTPClient
import ClusterAPI
import FlowLog
import FlowModel
import Foundation
import Logging
import NFLogDriver
import NIOCore
import NIOHTTP1
import NetworkTypes
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite("The flow log of a node", .timeLimit(.minutes(1)))
struct FlowLogServiceTests {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs a flow log while `body` asks it.
    static func withLog<Result: Sendable>(
        _ kernel: FakeFlowKernel, judge: any FlowJudge = FakeJudge(), in directory: TemporaryDirectory,
        metrics: FlowServer.Place? = nil,
        _ body: (FlowClient) async throws -> Result
    ) async throws -> Result {
        let service = try FlowLogService(
            node: "one", judge: judge, kernel: kernel, stateDirectory: directory.path,
            runDirectory: directory.path, metrics: metrics, logger: logger)
        let socket = FlowLogService.socket(in: directory.path)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            for _ in 0..<200 where !FileManager.default.fileExists(atPath: socket) {
                try await Task.sleep(for: .milliseconds(10))
            }
            let result = try await body(FlowClient(socket: socket))
            group.cancelAll()
            return result
        }
    }

    static func flows(_ client: FlowClient, _ filter: FlowFilter = FlowFilter()) async throws -> (
        [FlowRecord], FlowSummary?
    ) {
        var flows: [FlowRecord] = []
        var summary: FlowSummary?
        try await client.ask(FlowQuery(filter: filter)) { answer in
            switch answer {
            case .flow(let flow): flows.append(flow)
            case .summary(let words): summary = words
            }
        }
        return (flows, summary)
    }

    @Test("reports become records with names, and the next agent on the same store goes on where the last one ended")
    func restart() async throws {
        let directory = try TemporaryDirectory()
        let kernel = FakeFlowKernel()
        kernel.state.withLock { state in
            state.packets = [
                FakeFlowKernel.packet("new", from: 1000), FakeFlowKernel.packet("new", from: 1001),
                FakeFlowKernel.denied("default deny", from: 1002), FakeFlowKernel.denied("default deny", from: 1002),
                LoggedPacket(prefix: "new", bytes: [1, 2, 3]),
            ]
            state.connections = [1000, 1001].map {
                ConnectionReport(
                    key: FakeFlowKernel.key(from: $0), id: UInt32($0), forward: .init(packets: 5, bytes: 300),
                    backward: .init(packets: 4, bytes: 250))
            }
            state.counters = ["drop_policy": 2, "flow_new": 2]
        }
        try await Self.withLog(kernel, in: directory) { client in
            try await eventually { try await Self.flows(client).0.count == 3 }
            let (flows, _) = try await Self.flows(client)
            #expect(flows.map(\.verdict) == [.allowed, .allowed, .denied])
            #expect(flows.map(\.source.name) == ["shop/web", "shop/web", "shop/web"])
            #expect(flows[2].rule == "default deny" && flows[2].forward.packets == 2)
            #expect(flows[2].ingress?.allowed == false && flows[2].egress?.allowed == true)
            try await eventually { try await Self.flows(client).1?.losses.unreadable == 1 }
        }
        // While nobody listened, one connection ended and the kernel dropped five.
        kernel.state.withLock { state in
            state.connections.removeFirst()
            state.counters["drop_policy"] = 7
        }
        try await Self.withLog(kernel, in: directory) { client in
            try await eventually { try await Self.flows(client).0.first?.end != nil }
            kernel.state.withLock { $0.packets = [FakeFlowKernel.packet("new", from: 1003)] }
            try await eventually { try await Self.flows(client).0.count == 4 }
            let flows = try await Self.flows(client).0
            #expect(flows.map(\.id) == [1, 2, 3, 4])
            #expect(flows[0].forward.packets == 5 && flows[0].isCounted)
            #expect(flows[1].end == nil)
            try await eventually { try await Self.flows(client).1?.losses.unattended ?? 0 >= 5 }
        }
    }

    @Test("a denied flow whose packets another rule denies is two, in one batch of reports and over several")
    func replacedPolicy() async throws {
        let kernel = FakeFlowKernel()
        kernel.state.withLock { state in
            state.packets = ["a", "a", "b"].map { FakeFlowKernel.denied($0, from: 1000) }
        }
        try await Self.withLog(kernel, in: try TemporaryDirectory()) { client in
            try await eventually { try await Self.flows(client).0.count == 2 }
            kernel.state.withLock { $0.packets = ["b", "c"].map { FakeFlowKernel.denied($0, from: 1000) } }
            try await eventually { try await Self.flows(client).0.count == 3 }
            let flows = try await Self.flows(client).0
            #expect(flows.map(\.rule) == ["a", "b", "c"] && flows.map(\.forward.packets) == [2, 2, 1])
            #expect(flows.map { $0.end == nil } == [false, false, true])
            var filter = FlowFilter()
            filter.rule = "b"
            #expect(try await Self.flows(client, filter).0.map(\.id) == [2])
        }
    }

    /// Ids of flows, negative at their end; 0 for the summary.
    private final class Seen: Sendable {
        let ids = Mutex<[Int64]>([])
    }

    @Test("a follower gets the past, then what begins and ends, each once, and only what he asked for")
    func follow() async throws {
        let directory = try TemporaryDirectory()
        let kernel = FakeFlowKernel()
        kernel.state.withLock { $0.packets = [FakeFlowKernel.packet("new", from: 1000)] }
        try await Self.withLog(kernel, in: directory) { client in
            try await eventually { try await Self.flows(client).0.count == 1 }
            let seen = Seen()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var query = FlowQuery(follow: true)
                    query.filter.ports = [.init(PortRange(1000, through: 1001) ?? .all)]
                    try await client.ask(query) { answer in
                        switch answer {
                        case .flow(let flow): seen.ids.withLock { $0.append(flow.end == nil ? flow.id : -flow.id) }
                        case .summary: seen.ids.withLock { $0.append(0) }
                        }
                    }
                }
                try await eventually { seen.ids.withLock { $0.contains(0) } }
                kernel.state.withLock {
                    $0.packets = (1001...1003).map { FakeFlowKernel.packet("drop_policy x", from: $0) }
                }
                try await eventually { seen.ids.withLock { $0.contains(2) } }
                group.cancelAll()
                // The connections were in no table, so they end at once.
                #expect(seen.ids.withLock { Set($0) }.isSubset(of: [0, 1, -1, 2]))
                #expect(seen.ids.withLock { Set($0).count == $0.count })
            }
        }
    }

    private final class Port: Sendable {
        let number = Mutex<Int?>(nil)
    }

    @Test("metrics are shown at an address, and flows are not")
    func metrics() async throws {
        let directory = try TemporaryDirectory()
        let store = try FlowStore(path: directory.file("flows.sqlite"))
        let bound = Port()
        let server = FlowServer(
            at: .address(host: "127.0.0.1", port: 0), node: "one", store: store, hub: FlowHub(node: "one"),
            logger: Self.logger, onBound: { port in bound.number.withLock { $0 = port } })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await eventually { bound.number.withLock { $0 != nil } }
            let place = "http://127.0.0.1:\(bound.number.withLock { $0 ?? 0 })"
            let metrics = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: place + "/metrics"), timeout: .seconds(5))
            let text = String(buffer: try await metrics.body.collect(upTo: 1 << 20))
            #expect(text.contains("gabion_flow_log_lost_total{node=\"one\",reason=\"sampled\"} 0"))
            let question = HTTPClientRequest(url: place + "/v1/flows?q=%7B%7D")
            #expect(try await HTTPClient.shared.execute(question, timeout: .seconds(5)).status == .notFound)
            group.cancelAll()
        }
    }

    @Test("an agent that is not there is a failure that says so", arguments: [false, true])
    func nobody(hasFile: Bool) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("flows.sock")
        // A socket that its owner left.
        if hasFile { try await Self.withLog(FakeFlowKernel(), in: directory) { _ in } }
        await #expect(throws: FlowClient.Failure.self) {
            try await FlowClient(socket: path, patience: .seconds(5)).ask(FlowQuery()) { _ in }
        }
    }
}
