import ConntrackDriver
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Conntrack", .requiresRoot)
struct ConntrackTests {
    /// A namespace that tracks connections, as any with a `ct` rule does.
    static func tracking() throws -> TestNamespace {
        let namespace = try TestNamespace("ct")
        let directory = try TemporaryDirectory()
        let rules = try directory.write(
            """
            table inet t {
              chain c { type filter hook output priority 0; ct state established accept; }
              chain d { type filter hook input priority 0; ct state established accept; }
            }
            """, to: "rules")
        try namespace.run("/usr/sbin/nft", "-f", rules)
        try namespace.inside { try Sysctl.write("net/netfilter/nf_conntrack_acct", "1") }
        return namespace
    }

    @Test("a real connection is listed with all its fields, and deleted alone", arguments: SocketTests.loopbacks)
    func connection(address: IPAddress) throws {
        let (namespace, sockets, target) = try Self.connections(address)
        try withExtendedLifetime(sockets) { try judge(namespace, sockets, target, address) }
    }

    /// A listener and two connections to it.
    private static func connections(_ address: IPAddress) throws -> (TestNamespace, [Socket], SocketAddress) {
        let namespace = try tracking()
        let (sockets, target) = try namespace.inside {
            let listener = try Socket(.tcp, address.family)
            try listener.bind(to: SocketAddress(address, port: 0))
            try listener.listen()
            let target = try #require(try listener.localAddress())
            let clients = try (0..<2).map { _ in
                let client = try Socket(.tcp, address.family)
                _ = try client.connect(to: target)
                #expect(try Readiness.wait(client.descriptor, for: .writable, timeout: .seconds(2)))
                return client
            }
            return ([listener] + clients, target)
        }
        return (namespace, sockets, target)
    }

    private func judge(
        _ namespace: TestNamespace, _ sockets: [Socket], _ target: SocketAddress, _ address: IPAddress
    ) throws {
        let conntrack = try Conntrack(in: namespace.reference)
        let port = try #require(try sockets[1].localAddress()?.port)
        let entries = try conntrack.entries(address.family).filter { $0.original.destinationPort == target.port }
        #expect(entries.count == 2)
        let entry = try #require(entries.first { $0.original.sourcePort == port })
        #expect(entry.transport == .tcp)
        #expect((entry.original.source, entry.original.destination) == (address, address))
        #expect((entry.reply.sourcePort, entry.reply.destinationPort) == (target.port, port))
        #expect(entry.tcpState == .established)
        #expect(entry.status.isSuperset(of: [.seenReply, .assured, .confirmed]))
        #expect(entry.zone == 0 && entry.mark == 0 && entry.id != 0)
        #expect(try #require(entry.timeout) > .seconds(100))
        #expect(try #require(entry.originalCounter).packets >= 2)
        #expect(try conntrack.count() == 2)

        #expect(try conntrack.delete(entry))
        #expect(try !conntrack.delete(entry), "it is gone")
        #expect(try conntrack.entries().map(\.original) == entries.filter { $0 != entry }.map(\.original))
        #expect(try conntrack.flush { $0.original.destination == address }.count == 1)
        #expect(try conntrack.count() == 0)
    }

    @Test("an entry of a newer connection with the same tuple stays")
    func idGuards() throws {
        let namespace = try Self.tracking()
        let conntrack = try Conntrack(in: namespace.reference)
        try Self.sendDatagrams(in: namespace, count: 1)
        var entry = try #require(try conntrack.entries(.v4).first)
        entry.id ^= 1
        #expect(try !conntrack.delete(entry))
        #expect(try conntrack.count() == 1)
    }

    @Test("echo, datagrams and SCTP are read and deleted too", arguments: SocketTests.loopbacks)
    func otherProtocols(address: IPAddress) throws {
        let namespace = try Self.tracking()
        let conntrack = try Conntrack(in: namespace.reference)
        #expect(try Probe.ping(from: namespace.reference, to: address))
        try namespace.inside {
            let receiver = try Socket(.sctp, address.family)
            let initiation: [UInt8] =
                [0x12, 0x34, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 20] + [UInt8](repeating: 1, count: 16)
            _ = try receiver.send(initiation, to: SocketAddress(address, port: 0))
        }
        let entries = try conntrack.entries(address.family)
        let echo = try #require(entries.first { $0.transport == .icmp })
        guard case .icmp(let type, 0, _) = echo.original.detail else {
            Issue.record("not an echo: \(echo)")
            return
        }
        #expect(type == (address.family == .v4 ? 8 : 128))
        for entry in entries { #expect(try conntrack.delete(entry), "\(entry)") }
        #expect(try conntrack.count() == 0)
    }

    @Test("entries of one protocol are told apart from others", arguments: SocketTests.loopbacks)
    func oneProtocol(address: IPAddress) throws {
        let (namespace, sockets, _) = try Self.connections(address)
        let conntrack = try Conntrack(in: namespace.reference)
        #expect(try Probe.ping(from: namespace.reference, to: address))
        try namespace.inside {
            let socket = try Socket(.udp, address.family)
            _ = try socket.send([1], to: SocketAddress(address, port: 9))
        }
        try withExtendedLifetime(sockets) {
            let all = try conntrack.entries(address.family)
            #expect(Set(all.compactMap(\.transport)) == [.tcp, .udp, .icmp])
            for transport in TransportProtocol.allCases {
                let some = try conntrack.entries(address.family, of: transport)
                #expect(Set(some.map(\.id)) == Set(all.filter { $0.transport == transport }.map(\.id)))
            }
            let other: IPAddress.Family = address.family == .v4 ? .v6 : .v4
            #expect(try conntrack.entries(other, of: .tcp).isEmpty)
        }
    }

    @Test("ten thousand entries are listed and flushed in a moment")
    func tenThousand() throws {
        let namespace = try Self.tracking()
        let conntrack = try Conntrack(in: namespace.reference)
        try Self.sendDatagrams(in: namespace, count: 10_000)
        var entries: [ConntrackEntry] = []
        let listing = try ContinuousClock().measure { entries = try conntrack.entries(.v4) }
        #expect(entries.count == 10_000)
        var removed = 0
        let flushing = try ContinuousClock().measure {
            removed = try conntrack.flush { ($0.original.destinationPort ?? 0) % 2 == 0 }.count
        }
        #expect(removed == 5000)
        #expect(try conntrack.count() == 5000)
        print("conntrack: 10,000 listed in \(listing), 5,000 flushed in \(flushing)")
        #expect(listing < .seconds(5))
    }

    private static func sendDatagrams(in namespace: TestNamespace, count: Int) throws {
        try namespace.inside {
            let socket = try Socket(.udp, .v4)
            for number in 0..<count {
                let address = IPAddress(v4: 0x7F00_0001 + UInt32(number / 50_000))
                let target = SocketAddress(address, port: UInt16(1000 + number % 50_000))
                // The refusals that come back are taken with the next call.
                _ = try? socket.send([1], to: target)
            }
        }
    }
}
