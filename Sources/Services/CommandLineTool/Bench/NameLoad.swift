import DNSFormats
import LinuxSystem
import NetworkTypes

/// One client of a server of names: asks one question over and over, by UDP.
struct NameLoad: Sendable {
    struct Figures: Sendable {
        /// Answers per second.
        let rate: Double
        /// Of each answer, in milliseconds.
        let times: [Double]
    }

    let server: SocketAddress
    private let source: IPAddress?
    private let namespace: NamespaceReference
    private let query: [UInt8]

    /// At a port of loopback.
    ///
    /// - Parameter name: whose A record is asked for.
    init(port: UInt16, name: String) throws {
        // Not from the address of the server that is asked behind it: that would look like a question that goes in a circle.
        try self.init(
            SocketAddress(IPAddress(v4: 0x7F00_0001), port: port), from: IPAddress(v4: 0x7F00_0003), name: name)
    }

    init(
        _ server: SocketAddress, from source: IPAddress? = nil, in namespace: NamespaceReference = .current,
        name: String
    ) throws {
        self.server = server
        self.source = source
        self.namespace = namespace
        guard let name = DomainName(name) else { throw CommandFailure("\"\(name)\" is no name") }
        var message = DNSMessage(questions: [DNSQuestion(name, .a)])
        message.header.recursionDesired = true
        query = message.encoded()
    }

    /// - Parameter outstanding: how many questions wait for their answers at once.
    func run(outstanding: Int, for duration: Duration) async throws -> Figures {
        let socket = try connected()
        return try await DedicatedThread.run { [self] in try ask(socket, outstanding, duration) }
    }

    /// True if there is an answer with addresses.
    func isAnswered() async throws -> Bool {
        try await DedicatedThread.run { [self] in
            let socket = try connected()
            _ = try socket.send(query)
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .milliseconds(500)),
                let bytes = try? socket.receive(), let answer = try? DNSMessage(decoding: bytes)
            else { return false }
            return !answer.answers.isEmpty
        }
    }

    private func connected() throws -> Socket {
        let (server, source) = (server, source)
        return try withNetworkNamespace(namespace) {
            let socket = try Socket(.udp, .v4)
            if let source { try socket.bind(to: SocketAddress(source, port: 0)) }
            _ = try socket.connect(to: server)
            return socket
        }
    }

    /// Asks so many questions with different numbers, one after the other; how long each took, in milliseconds.
    func run(each count: Int) async throws -> [Double] {
        let socket = try connected()
        return try await DedicatedThread.run { [self] in
            try (1...count).map { number in
                let start = ContinuousClock.now
                _ = try socket.send([UInt8(number >> 8), UInt8(number & 0xFF)] + query.dropFirst(2))
                guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(2)),
                    try socket.receive() != nil
                else { throw CommandFailure("the server of names at \(server) fell silent in the benchmark") }
                return start.duration(to: .now).milliseconds
            }
        }
    }

    private func ask(_ socket: Socket, _ outstanding: Int, _ duration: Duration) throws -> Figures {
        let start = ContinuousClock.now
        var sent = Array(repeating: start, count: outstanding)
        var times: [Double] = []
        func send(_ number: Int) throws {
            var bytes = query
            (bytes[0], bytes[1]) = (UInt8(number >> 8), UInt8(number & 0xFF))
            sent[number] = .now
            _ = try socket.send(bytes)
        }
        for number in 0..<outstanding { try send(number) }
        while start.duration(to: .now) < duration {
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .milliseconds(500)) else {
                throw CommandFailure("the server of names at \(server) fell silent in the benchmark")
            }
            while let bytes = try socket.receive(upTo: 2048) {
                // No answer, or one without addresses, is no work done.
                guard bytes.count > 12, bytes[3] & 0xF == 0, bytes[7] > 0 else {
                    throw CommandFailure("the server of names at \(server) failed in the benchmark")
                }
                let number = Int(bytes[0]) << 8 | Int(bytes[1])
                times.append(sent[number].duration(to: .now).milliseconds)
                try send(number)
            }
        }
        return Figures(rate: Double(times.count) / (start.duration(to: .now).milliseconds / 1e3), times: times)
    }
}
