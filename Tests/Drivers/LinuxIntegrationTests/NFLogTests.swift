import LinuxSystem
import NFLogDriver
import NetworkTypes
import PacketHeaders
import TestSupport
import Testing

@Suite("Packets that rules log", .requiresRoot)
struct NFLogTests {
    /// A namespace whose rule logs UDP to 9 on loopback with a prefix, whatever it is.
    private static func logging(_ statement: String) throws -> TestNamespace {
        let namespace = try TestNamespace("log")
        let directory = try TemporaryDirectory()
        let rules = try directory.write(
            "table inet t {\nchain c {\ntype filter hook output priority 0;\nudp dport 9 \(statement)\n}\n}\n",
            to: "rules")
        try namespace.run("/usr/sbin/nft", "-f", rules)
        return namespace
    }

    private static func send(_ count: Int, to address: IPAddress, in namespace: TestNamespace) throws {
        try namespace.inside {
            let socket = try Socket(.udp, address.family)
            for _ in 0..<count {
                _ = try? socket.send([UInt8](repeating: 7, count: 100), to: SocketAddress(address, port: 9))
            }
        }
    }

    private static func hear(_ listener: NFLogListener, atLeast count: Int = 1) async throws -> NFLogListener.Batch {
        var batch = NFLogListener.Batch()
        for _ in 0..<100 where batch.packets.count < count {
            try await Task.sleep(for: .milliseconds(20))
            let more = try listener.receive()
            batch.packets += more.packets
            batch.lost += more.lost
        }
        return batch
    }

    @Test("a logged packet comes with its rule's words and its headers", arguments: SocketTests.loopbacks)
    func packet(address: IPAddress) async throws {
        let namespace = try Self.logging("log prefix \"default deny (shop/web)\" group 71 snaplen 60")
        let listener = try NFLogListener(group: 71, in: namespace.reference)
        try Self.send(1, to: address, in: namespace)
        let batch = try await Self.hear(listener)
        let packet = try #require(batch.packets.first)
        #expect(packet.prefix == "default deny (shop/web)")
        #expect(packet.bytes.count == 60)
        #expect(packet.hook == 3)
        #expect(packet.outputInterface == 1 && packet.inputInterface == nil)
        let headers = try #require(PacketHeaders(packet.bytes))
        #expect((headers.source, headers.destination) == (address, address))
        #expect(headers.length == 108 + (address.family == .v4 ? 20 : 40))
        guard case .ports(_, 9) = headers.content else {
            Issue.record("\(headers)")
            return
        }
        #expect(batch.lost == 0)
    }

    @Test("what nobody read in time is counted, to the last one")
    func losses() async throws {
        let namespace = try Self.logging("log group 71")
        let listener = try NFLogListener(group: 71, in: namespace.reference, buffer: 4096)
        let address = try #require(IPAddress("127.0.0.1"))
        try Self.send(5000, to: address, in: namespace)
        try await Task.sleep(for: .milliseconds(300))
        var batch = try listener.receive(atMost: .max)
        try Self.send(1, to: address, in: namespace)
        let last = try await Self.hear(listener)
        batch.packets += last.packets
        batch.lost += last.lost
        #expect(batch.lost > 1000)
        #expect(batch.packets.count + Int(batch.lost) == 5001)
    }

    @Test("a second listener to a group is refused, and the next one after the first has gone is not")
    func oneListener() async throws {
        let namespace = try Self.logging("log group 71")
        do {
            let first = try NFLogListener(group: 71, in: namespace.reference)
            #expect(throws: NetlinkError.self) { try NFLogListener(group: 71, in: namespace.reference) }
            _ = try NFLogListener(group: 72, in: namespace.reference)
            withExtendedLifetime(first) {}
        }
        _ = try NFLogListener(group: 71, in: namespace.reference)
    }
}
