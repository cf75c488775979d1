import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Sockets", .requiresRoot)
struct SocketTests {
    static let loopbacks = [IPAddress(v4: 0x7F00_0001), IPAddress(family: .v6, bits: 1)]

    @Test("TCP in an event loop: two hundred connections on one thread", arguments: loopbacks)
    func manyConnections(address: IPAddress) throws {
        let namespace = try TestNamespace("tcp")
        let answered = try namespace.inside {
            let listener = try Socket(.tcp, address.family)
            try listener.bind(to: SocketAddress(address, port: 0))
            try listener.listen()
            let target = try #require(try listener.localAddress())
            var poll = try EventPoll()
            try poll.add(listener.descriptor, .readable, token: 0)
            var clients: [UInt64: Socket] = [:]
            for token in 1...200 {
                let client = try Socket(.tcp, address.family)
                _ = try client.connect(to: target)
                try poll.add(client.descriptor, .writable, token: UInt64(token))
                clients[UInt64(token)] = client
            }
            var accepted: [Socket] = []
            var connected: Set<UInt64> = []
            let end = ContinuousClock.now.advanced(by: .seconds(10))
            while connected.count < 200 || accepted.count < 200, ContinuousClock.now < end {
                for event in try poll.wait(timeout: .milliseconds(100)) {
                    if event.token == 0 {
                        while let one = try listener.accept() { accepted.append(one) }
                    } else if event.isWritable, let client = clients[event.token], client.pendingError() == nil {
                        connected.insert(event.token)
                        try poll.remove(client.descriptor)
                    }
                }
            }
            return (connected.count, accepted.count)
        }
        #expect(answered == (200, 200))
    }

    @Test("a closed port refuses, a missing route is unreachable")
    func refusals() throws {
        let namespace = try TestNamespace("refuse")
        let closed = SocketAddress(IPAddress(v4: 0x7F00_0001), port: 9)
        #expect(try Probe.connect(from: namespace.reference, to: closed) == .refused)
        let nowhere = SocketAddress(IPAddress(v4: 0xC000_0201), port: 9)
        #expect(try Probe.connect(from: namespace.reference, to: nowhere) == .failed(.networkUnreachable))
    }

    @Test("datagrams carry their sender", arguments: loopbacks)
    func datagrams(address: IPAddress) throws {
        let namespace = try TestNamespace("udp")
        try namespace.inside {
            let server = try Socket(.udp, address.family)
            try server.bind(to: SocketAddress(address, port: 0))
            let client = try Socket(.udp, address.family)
            try client.bind(to: SocketAddress(address, port: 0))
            #expect(try server.receiveDatagram() == nil)
            _ = try client.send([1, 2, 3], to: try #require(try server.localAddress()))
            #expect(try Readiness.wait(server.descriptor, for: .readable, timeout: .seconds(2)))
            let datagram = try #require(try server.receiveDatagram())
            #expect(datagram.bytes == [1, 2, 3])
            #expect(datagram.from == (try client.localAddress()))
        }
    }

    @Test("raw SCTP packets arrive", arguments: loopbacks)
    func rawSCTP(address: IPAddress) throws {
        let namespace = try TestNamespace("sctp")
        try namespace.inside {
            let receiver = try Socket(.sctp, address.family)
            let sender = try Socket(.sctp, address.family)
            let packet: [UInt8] = [0x12, 0x34, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 4]
            _ = try sender.send(packet, to: SocketAddress(address, port: 0))
            #expect(try Readiness.wait(receiver.descriptor, for: .readable, timeout: .seconds(2)))
            let received = try #require(try receiver.receiveDatagram()).bytes
            #expect(received.suffix(packet.count).elementsEqual(packet))
            #expect(received.count == packet.count + (address.family == .v4 ? 20 : 0))
        }
    }

    @Test("loopback answers echo", arguments: loopbacks)
    func echo(address: IPAddress) throws {
        let namespace = try TestNamespace("echo")
        #expect(try Probe.ping(from: namespace.reference, to: address))
        #expect(try !Probe.ping(from: namespace.reference, to: IPAddress(v4: 0xC000_0201), count: 1))
    }

    @Test("an address that is not there can be bound with freeBind")
    func freeBind() throws {
        let namespace = try TestNamespace("free")
        try namespace.inside {
            let address = SocketAddress(IPAddress(v4: 0xC000_0201), port: 80)
            #expect(throws: SystemError.self) { try Socket(.tcp, .v4).bind(to: address) }
            let socket = try Socket(.tcp, .v4)
            try socket.enable(.freeBind)
            try socket.bind(to: address)
        }
    }
}
