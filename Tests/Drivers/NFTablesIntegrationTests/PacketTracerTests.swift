import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

@Suite("The kernel tells what becomes of one packet", .serialized, .requiresRoot)
struct PacketTracerTests {
    private static let loopback = SocketAddress(IPAddress(family: .v4, bits: 0x7F00_0001), port: 80)

    private static func table() -> Table {
        let drop = Rule(
            id: "no web", .match(.layer4Protocol, .value(.transport(.tcp))),
            .match(.destinationPort, .value(.port(80))), .verdict(.drop))
        return Table(
            .inet, "judge",
            chains: [
                "input": Chain(
                    Chain.Base(.filter, .input, priority: 0),
                    rules: [Rule(id: "to the judge", .verdict(.jump("inner")))]),
                "inner": Chain(rules: [drop]),
            ])
    }

    @Test("each rule that the packet meets is told in order, and nothing of other packets than those described")
    func events() async throws {
        try await withTestNamespace { namespace in
            try await ToolRunner().run("ip", ["link", "set", "lo", "up"], in: namespace)
            let driver = NFTablesDriver(in: namespace)
            try await driver.applyText(.plan(from: nil as Table?, to: Self.table()))
            let tracer = try PacketTracer(
                [443, 80].map { TracedPackets(from: nil, to: Self.loopback.address, .tcp, port: $0) }, in: namespace)
            for port in [81, 80] as [UInt16] {
                _ = try TestSupport.Probe.connect(
                    from: namespace, to: SocketAddress(Self.loopback.address, port: port), source: nil,
                    timeout: .milliseconds(100))
            }
            let events = try #require(try tracer.events()).filter { $0.table == "judge" }
            let first = try #require(events.first)
            #expect(events.filter { $0.packet == first.packet }.map(\.chain).prefix(2) == ["input", "inner"])
            #expect(first.verdict == .jump("inner"))
            let drop = try #require(events.first { $0.chain == "inner" })
            #expect(drop.verdict == .drop && first.destination == Self.loopback)
            let observed = try #require(try await driver.observe(.inet, "judge"))
            let rule = try #require(observed.chains["inner"]?.rules.first)
            #expect(drop.place == .rule(handle: rule.handle) && rule.comment?.hasPrefix("no web") == true)
        }
    }

    @Test("the table goes with the tracer, and two do not meet in one namespace")
    func leavesNothing() async throws {
        try await withTestNamespace { namespace in
            let packets = [TracedPackets(from: nil, to: Self.loopback.address, .udp, port: 53)]
            do {
                let tracer = try PacketTracer(packets, in: namespace)
                #expect(try await Self.tables(namespace).contains(PacketTracer.tableName))
                #expect(throws: NetlinkError.self) { try PacketTracer(packets, in: namespace) }
                withExtendedLifetime(tracer) {}
            }
            #expect(try await !Self.tables(namespace).contains(PacketTracer.tableName))
        }
    }

    private static func tables(_ namespace: NamespaceReference) async throws -> String {
        try await ToolRunner().run("nft", ["list", "tables"], in: namespace).text
    }
}
