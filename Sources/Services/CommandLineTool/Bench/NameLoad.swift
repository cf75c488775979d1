import DNSFormats
import LinuxSystem
import NetworkTypes

/// One client of a server of names on loopback: asks one question over and over, by UDP.
struct NameLoad: Sendable {
    struct Figures: Sendable {
        /// Answers per second.
        let rate: Double
        /// Of each answer, in milliseconds.
        let times: [Double]
    }

    /// Of loopback.
    let port: UInt16
    private let query: [UInt8]

    /// - Parameter name: whose A record is asked for.
    init(port: UInt16, name: String) throws {
        guard let name = DomainName(name) else { throw CommandFailure("\"\(name)\" is no name") }
        self.port = port
        var message = DNSMessage(questions: [DNSQuestion(name, .a)])
        message.header.recursionDesired = true
        query = message.encoded()
    }

    /// - Parameter outstanding: how many questions wait for their answers at once.
    func run(outstanding: Int, for duration: Duration) async throws -> Figures {
        try await DedicatedThread.run { [self] in try ask(outstanding, duration) }
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
        let socket = try Socket(.udp, .v4)
        // Not from the address of the server that is asked behind it: that would look like a question that goes in a circle.
        try socket.bind(to: SocketAddress(IPAddress(v4: 0x7F00_0003), port: 0))
        _ = try socket.connect(to: SocketAddress(IPAddress(v4: 0x7F00_0001), port: port))
        return socket
    }

    private func ask(_ outstanding: Int, _ duration: Duration) throws -> Figures {
        let socket = try connected()
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
                throw CommandFailure("the server of names at 127.0.0.1:\(port) fell silent in the benchmark")
            }
            while let bytes = try socket.receive(upTo: 2048) {
                // No answer, or one without addresses, is no work done.
                guard bytes.count > 12, bytes[3] & 0xF == 0, bytes[7] > 0 else {
                    throw CommandFailure("the server of names at 127.0.0.1:\(port) failed in the benchmark")
                }
                let number = Int(bytes[0]) << 8 | Int(bytes[1])
                times.append(sent[number].duration(to: .now).milliseconds)
                try send(number)
            }
        }
        return Figures(rate: Double(times.count) / (start.duration(to: .now).milliseconds / 1e3), times: times)
    }
}
