package import LinuxSystem
import NetworkTypes

/// The process inside a lab pod that answers on its ports, so that a probe can tell "reached" from "not reached".
///
/// TCP: one line `IDENTITY PEER` and then everything back until the client ends. UDP: that line and the datagram. SCTP:
/// INIT ACK on the listed ports and ABORT on all others, made by hand because the kernel has no SCTP sockets. One
/// thread, no Foundation: hundreds of these run at once.
package struct Responder: ~Copyable {
    let identity: String
    private let ports: [ListenPort]
    private let sctpPorts: Set<UInt16>
    private var poll: EventPoll
    private var endpoints: [UInt64: Endpoint] = [:]
    private var nextToken: UInt64 = 0

    enum Endpoint {
        case listener(Socket)
        case datagrams(Socket)
        case sctp(Socket, IPAddress.Family)
        case stream(EchoStream)
    }

    package init(_ options: ResponderOptions) throws(SystemError) {
        identity = options.identity
        ports = options.ports
        sctpPorts = Set(options.ports.filter { $0.transport == .sctp }.map(\.port))
        poll = try EventPoll(capacity: 64)
    }

    /// Opens every port for both families.
    ///
    /// A family that the namespace does not have is left out; a port that cannot be had in any family is an error.
    package mutating func listen() throws(SystemError) {
        for port in ports where port.transport != .sctp {
            var refusal: SystemError?
            var isOpen = false
            for family in IPAddress.Family.allCases {
                do throws(SystemError) {
                    try open(port, family)
                    isOpen = true
                } catch {
                    refusal = error
                }
            }
            if !isOpen, let refusal { throw refusal }
        }
        for family in IPAddress.Family.allCases {
            if let socket = try? Socket(.sctp, family) { try register(.sctp(socket, family), socket) }
        }
    }

    private mutating func open(_ port: ListenPort, _ family: IPAddress.Family) throws(SystemError) {
        let socket = try Socket(port.transport == .tcp ? .tcp : .udp, family)
        if family == .v6 { try socket.enable(.v6Only) }
        try socket.enable(.reuseAddress)
        // Several host-network pods of a node may name the same port.
        try socket.enable(.reusePort)
        try socket.bind(to: SocketAddress(IPAddress(family: family, bits: 0), port: port.port))
        if port.transport == .tcp {
            try socket.listen()
            try register(.listener(socket), socket)
        } else {
            try register(.datagrams(socket), socket)
        }
    }

    private mutating func register(_ endpoint: Endpoint, _ socket: Socket) throws(SystemError) {
        nextToken += 1
        endpoints[nextToken] = endpoint
        try poll.add(socket.descriptor, .readable, token: nextToken)
    }

    /// Answers until the process is ended.
    package mutating func run() throws {
        while true { try answerOnce(within: nil) }
    }

    /// Waits for traffic for at most `timeout` and answers what has come.
    ///
    /// A client's failure ends its connection only.
    package mutating func answerOnce(within timeout: Duration?) throws {
        for event in try poll.wait(timeout: timeout) {
            switch endpoints[event.token] {
            case .listener(let socket): accept(on: socket)
            case .datagrams(let socket): answerDatagrams(on: socket)
            case .sctp(let socket, let family): answerSCTP(on: socket, family)
            case .stream(let stream):
                proceed(stream, token: event.token, isReadable: event.isReadable || event.isBroken)
            case nil: break
            }
        }
    }

    private mutating func accept(on listener: Socket) {
        while let socket = (try? listener.accept()) ?? nil {
            let peer = ((try? socket.peerAddress()) ?? nil).map(\.description) ?? "unknown"
            let stream = EchoStream(socket, greeting: Array("\(identity) \(peer)\n".utf8))
            guard (try? register(.stream(stream), socket)) != nil else { continue }
            proceed(stream, token: nextToken, isReadable: false)
        }
    }

    private mutating func proceed(_ stream: EchoStream, token: UInt64, isReadable: Bool) {
        var stream = stream
        guard let interest = stream.proceed(isReadable: isReadable) else {
            endpoints[token] = nil
            return
        }
        endpoints[token] = .stream(stream)
        try? poll.modify(stream.socket.descriptor, interest, token: token)
    }

    private func answerDatagrams(on socket: Socket) {
        while let datagram = (try? socket.receiveDatagram()) ?? nil {
            let answer = Array("\(identity) \(datagram.from)\n".utf8) + datagram.bytes
            _ = try? socket.send(answer.count <= 65_000 ? answer : Array(answer[..<65_000]), to: datagram.from)
        }
    }

    private func answerSCTP(on socket: Socket, _ family: IPAddress.Family) {
        while let datagram = (try? socket.receiveDatagram()) ?? nil {
            // Raw IPv4 sockets receive the IP header too.
            let header = family == .v4 ? (Int(datagram.bytes.first ?? 0) & 0xF) * 4 : 0
            guard let packet = SCTPPacket(datagram.bytes.dropFirst(header)),
                let answer = packet.answer(
                    isListening: sctpPorts.contains(packet.destinationPort), tag: .random(in: 1...UInt32.max))
            else { continue }
            _ = try? socket.send(
                answer.bytes, to: SocketAddress(datagram.from.address, port: 0, scope: datagram.from.scope))
        }
    }
}
