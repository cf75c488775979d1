import DNSFormats
import LinuxSystem
import NetworkTypes

/// A pod's resolver.
enum PodClient {
    static func query(_ name: String = "www.example.com", _ type: DNSRecordType = .a, id: UInt16 = 7) -> DNSMessage {
        DNSMessage(
            header: DNSHeader(id: id), questions: [DNSQuestion(DomainName(name) ?? .root, type)],
            edns: DNSExtension(datagramSize: 4096))
    }

    /// All datagrams that come until one answers the question, as they came; nil in silence.
    static func ask(
        _ query: DNSMessage, _ server: String = "10.96.0.10", from pod: NamespaceReference,
        timeout: Duration = .seconds(2)
    ) throws -> DNSMessage? {
        try exchange(query.encoded(), server, from: pod, timeout: timeout).map { try DNSMessage(decoding: $0) }
    }

    /// The bytes of the first datagram that comes back; nil in silence.
    static func exchange(
        _ query: [UInt8], _ server: String = "10.96.0.10", from pod: NamespaceReference,
        timeout: Duration = .seconds(2)
    ) throws -> [UInt8]? {
        try withNetworkNamespace(pod) {
            guard let address = IPAddress(server) else { return nil }
            let socket = try Socket(.udp, address.family)
            _ = try socket.connect(to: SocketAddress(address, port: 53))
            _ = try socket.send(query)
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: timeout) else { return nil }
            return try socket.receive()
        }
    }

    /// By TCP: in two writes, for segments of their own.
    static func askByStream(
        _ query: DNSMessage, _ server: String, from pod: NamespaceReference
    ) throws -> DNSMessage? {
        try withNetworkNamespace(pod) {
            guard let address = IPAddress(server) else { return nil }
            let socket = try Socket(.tcp, address.family)
            _ = try socket.connect(to: SocketAddress(address, port: 53))
            guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(3)) else { return nil }
            let bytes = query.encoded()
            try socket.sendAll([UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes, within: .seconds(3))
            let head = try socket.receiveExactly(2, within: .seconds(3))
            return try DNSMessage(
                decoding: try socket.receiveExactly(Int(head[0]) << 8 | Int(head[1]), within: .seconds(3)))
        }
    }
}

extension DNSMessage {
    var addresses: [String] {
        answers.compactMap { if case .address(let address) = $0.data { address.description } else { nil } }
    }
}
