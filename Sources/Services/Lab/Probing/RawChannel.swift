import LinuxSystem
import NetworkTypes
import PodResponder

/// A raw socket of one namespace that many probes share: answers find their probe by what the probe chose to send.
struct RawChannel {
    let socket: Socket
    private var indices: [Answer: Int] = [:]
    private var expected: [Int: Answer] = [:]

    /// Which probes may share a socket.
    struct Key: Hashable, Sendable {
        let source: NamespaceReference
        let sourceAddress: IPAddress?
        let transport: TransportProtocol
        let family: IPAddress.Family

        /// Nil for protocols that have a socket per probe.
        init?(_ probe: Probe) {
            guard probe.transport == .sctp || probe.transport == .icmp else { return nil }
            source = probe.source
            sourceAddress = probe.sourceAddress
            transport = probe.transport
            family = probe.destination.family
        }

        /// Made in the calling thread's namespace.
        func makeSocket() throws -> Socket {
            let socket = try Socket(transport == .sctp ? .sctp : .icmp(family), family)
            try socket.setBuffers(receive: 1 << 20)
            if let sourceAddress { try socket.bind(to: SocketAddress(sourceAddress, port: 0)) }
            return socket
        }
    }

    /// What tells one probe's answer from another's: the peer, and the number that the probe chose (ICMP: identifier and
    /// sequence; SCTP: initiate tag, with the port that it went out from).
    struct Answer: Hashable {
        let peer: IPAddress
        let number: UInt32
        let port: UInt16
    }

    init(socket: Socket) { self.socket = socket }

    /// Chooses numbers for a probe that nobody else in flight has.
    mutating func enroll(_ index: Int, _ probe: Probe) {
        var answer: Answer
        repeat {
            let port = probe.transport == .sctp ? UInt16.random(in: 20_000...60_000) : 0
            answer = Answer(peer: probe.destination, number: .random(in: 1...UInt32.max), port: port)
        } while indices[answer] != nil
        indices[answer] = index
        expected[index] = answer
    }

    mutating func forget(_ index: Int) {
        if let answer = expected.removeValue(forKey: index) { indices[answer] = nil }
    }

    func send(_ index: Int, _ probe: Probe) throws(SystemError) {
        guard let answer = expected[index] else { return }
        let bytes =
            if probe.transport == .sctp {
                SCTPPacket(
                    sourcePort: answer.port, destinationPort: probe.port, verificationTag: 0,
                    chunk: .initiate(tag: answer.number)
                ).bytes
            } else {
                EchoPacket(isReply: false, number: answer.number).bytes(probe.destination.family)
            }
        _ = try socket.send(bytes, to: SocketAddress(probe.destination, port: 0))
    }

    /// The probes whose answers have come, with what answered.
    func receive(_ key: Key) -> [(index: Int, evidence: ProbeOutcome.Evidence)] {
        var found: [(Int, ProbeOutcome.Evidence)] = []
        while let datagram = (try? socket.receiveDatagram(upTo: 2048)) ?? nil {
            let header = key.family == .v4 ? (Int(datagram.bytes.first ?? 0) & 0xF) * 4 : 0
            let payload = datagram.bytes.dropFirst(header)
            let (number, port, evidence): (UInt32, UInt16, ProbeOutcome.Evidence)
            if key.transport == .sctp {
                guard let packet = SCTPPacket(payload) else { continue }
                switch packet.chunk {
                case .initiateAcknowledgement: evidence = .replied
                case .abort: evidence = .aborted
                default: continue
                }
                (number, port) = (packet.verificationTag, packet.destinationPort)
            } else {
                guard let echo = EchoPacket(payload, key.family), echo.isReply else { continue }
                (number, port, evidence) = (echo.number, 0, .replied)
            }
            let answer = Answer(peer: datagram.from.address, number: number, port: port)
            if let index = indices[answer] { found.append((index, evidence)) }
        }
        return found
    }
}
