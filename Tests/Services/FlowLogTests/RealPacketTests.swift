import FlowLog
import FlowModel
import Foundation
import LinuxSystem
import NetworkTypes
import NodeAgent
import TestSupport
import Testing

@Suite("Flows of real packets", .requiresRoot, .serialized, .timeLimit(.minutes(2)))
struct RealPacketTests {
    private static func withLog(_ body: (PodPair, FlowClient) async throws -> Void) async throws {
        try await PodPair.with { pair in
            let directory = try TemporaryDirectory()
            let service = try FlowLogService(
                node: "one", judge: pair.agent, kernel: try HostFlowKernel(in: pair.node.reference),
                stateDirectory: directory.path, runDirectory: directory.path, metrics: nil,
                logger: FlowLogServiceTests.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run() }
                try await Task.sleep(for: .milliseconds(400))
                try await body(pair, FlowClient(socket: FlowLogService.socket(in: directory.path)))
                group.cancelAll()
            }
        }
    }

    private static func flows(_ client: FlowClient, port: UInt16) async throws -> [FlowRecord] {
        var filter = FlowFilter()
        filter.ports = [.init(PortRange(port))]
        return try await FlowLogServiceTests.flows(client, filter).0
    }

    @Test("a denied connection is a record with both pods and the denying rule within a second")
    func denied() async throws {
        try await Self.withLog { pair, client in
            #expect(
                try Probe.connect(
                    from: pair.web.reference, to: SocketAddress(PodPair.databaseAddress, port: 81),
                    timeout: .milliseconds(50)) == .timedOut)
            let start = ContinuousClock.now
            try await eventually { try await !Self.flows(client, port: 81).isEmpty }
            #expect(ContinuousClock.now - start < .seconds(1))
            let flow = try #require(try await Self.flows(client, port: 81).first)
            #expect((flow.source.name, flow.destination.name) == ("shop/web", "shop/db"))
            #expect(flow.source.labels == ["app": "web"] && flow.source.node == "one")
            #expect((flow.verdict, flow.drop, flow.protocolName) == (.denied, "drop_policy", "TCP"))
            #expect(flow.rule == "default deny ingress (NetworkPolicy shop/only-web)")
            #expect(
                flow.egress == .init(allowed: true, rule: "no policy selects shop/web for egress", policy: "(none)"))
            #expect(flow.ingress?.policy == "(default deny)" && flow.chain?.hasPrefix("deny-ingress-") == true)
            #expect(flow.destination.port == 81 && flow.source.port != nil)
        }
    }

    @Test("an allowed connection has its start, its end, and what went both ways")
    func allowed() async throws {
        try await Self.withLog { pair, client in
            let before = Int64(Date.now.timeIntervalSince1970 * 1_000_000)
            do {
                let listener = try pair.database.inside {
                    let socket = try Socket(.tcp, .v4)
                    try socket.bind(to: SocketAddress(PodPair.databaseAddress, port: 80))
                    try socket.listen()
                    return socket
                }
                #expect(
                    try Probe.connect(from: pair.web.reference, to: SocketAddress(PodPair.databaseAddress, port: 80))
                        == .connected)
                // The client closes at once; while the server does not, the connection lingers half closed.
                try await eventually { try await Self.flows(client, port: 80).first?.isCounted == true }
                withExtendedLifetime(listener) {}
            }
            // With its listener the server's side is reset.
            let flow = try #require(try await Self.flows(client, port: 80).first)
            #expect(flow.verdict == .allowed && flow.drop == nil)
            let policy = "NetworkPolicy shop/only-web"
            #expect(flow.ingress == .init(allowed: true, rule: "\(policy) ingress[0]", policy: policy))
            #expect(flow.start >= before && flow.start < before + 3_000_000)
            #expect(flow.forward.packets >= 2 && flow.backward.packets >= 1)
            #expect(flow.forward.bytes >= 100 && flow.backward.bytes >= 52)
            try await eventually { try await Self.flows(client, port: 80).first?.end != nil }
            let end = try #require(try await Self.flows(client, port: 80).first?.end)
            #expect(end > flow.start)
        }
    }

    @Test("of a flood some is told, the rest is counted, and the kernel's counter knows of all")
    func flood() async throws {
        try await Self.withLog { pair, client in
            let count = 3000
            try pair.web.inside {
                let socket = try Socket(.udp, .v4)
                for _ in 0..<count {
                    _ = try? socket.send([1, 2, 3], to: SocketAddress(PodPair.databaseAddress, port: 53))
                }
            }
            var sampled: UInt64 = 0
            try await eventually("every packet is reported or counted as kept back") {
                let (flows, summary) = try await FlowLogServiceTests.flows(client)
                let reported = flows.filter { $0.drop == "drop_policy" }.reduce(0) { $0 + $1.forward.packets }
                sampled = summary?.losses.sampled ?? 0
                let isWhole = sampled + (summary?.losses.overrun ?? 0) + reported == UInt64(count)
                return isWhole && reported >= 20 && reported < 500
            }
            try await eventually { await pair.agent.status().flowLosses.sampled == sampled }
        }
    }
}
