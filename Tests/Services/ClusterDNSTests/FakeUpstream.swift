import DNSFormats
import LinuxSystem
import NetworkTypes
import Synchronization

/// A server of other people's names on loopback, by UDP and TCP at one port, that answers as a test wants.
final class FakeUpstream: Sendable {
    /// Datagrams, or frames of a stream, that follow a question.
    typealias Answer = @Sendable (DNSMessage, _ isStream: Bool) -> [[UInt8]]

    let place: SocketAddress
    private let seen = Mutex<[(message: DNSMessage, from: UInt16)]>([])

    /// The questions so far, with the ports that they came from.
    var questions: [(message: DNSMessage, from: UInt16)] { seen.withLock { $0 } }

    private let datagrams: Socket
    private let streams: Socket
    private let isOver = Atomic<Bool>(false)

    private init() throws {
        datagrams = try Socket(.udp, .v4)
        try datagrams.bind(to: SocketAddress(IPAddress(v4: 0x7F00_0001), port: 0))
        place = try datagrams.localAddress() ?? SocketAddress(IPAddress(v4: 0), port: 0)
        streams = try Socket(.tcp, .v4)
        try streams.bind(to: place)
        try streams.listen()
    }

    static func with(_ answer: @escaping Answer, _ body: @Sendable (FakeUpstream) async throws -> Void) async throws {
        try await with([answer]) { try await body($0[0]) }
    }

    /// One server for each answer.
    static func with(_ answers: [Answer], _ body: @Sendable ([FakeUpstream]) async throws -> Void) async throws {
        let upstreams = try answers.map { _ in try FakeUpstream() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (upstream, answer) in zip(upstreams, answers) {
                group.addTask {
                    try await DedicatedThread.run {
                        while !upstream.isOver.load(ordering: .relaxed) { try upstream.serve(answer) }
                    }
                }
            }
            do {
                defer { for upstream in upstreams { upstream.isOver.store(true, ordering: .relaxed) } }
                try await body(upstreams)
            }
            try await group.waitForAll()
        }
    }

    private func serve(_ answer: (DNSMessage, Bool) -> [[UInt8]]) throws {
        let pause = Duration.milliseconds(2)
        if try Readiness.wait(datagrams.descriptor, for: .readable, timeout: pause),
            let (bytes, from) = try datagrams.receiveDatagram()
        {
            for answer in note(bytes, from.port).map({ answer($0, false) }) ?? [] {
                _ = try datagrams.send(answer, to: from)
            }
        }
        guard try Readiness.wait(streams.descriptor, for: .readable, timeout: pause),
            let connection = try streams.accept()
        else { return }
        let head = try connection.receiveExactly(2, within: .seconds(2))
        let bytes = try connection.receiveExactly(Int(head[0]) << 8 | Int(head[1]), within: .seconds(2))
        for answer in note(bytes, 0).map({ answer($0, true) }) ?? [] {
            try connection.sendAll(
                [UInt8(answer.count >> 8), UInt8(answer.count & 255)] + answer, within: .seconds(2))
        }
    }

    private func note(_ bytes: [UInt8], _ port: UInt16) -> DNSMessage? {
        guard let message = try? DNSMessage(decoding: bytes) else { return nil }
        seen.withLock { $0.append((message, port)) }
        return message
    }

    /// An answer with addresses 192.0.2.1, 192.0.2.2 and so on.
    static func reply(
        to query: DNSMessage, addresses count: Int = 1, code: DNSResponseCode = .noError,
        change: (inout DNSMessage) -> Void = { _ in }
    ) -> [UInt8] {
        var message = query
        message.header.isResponse = true
        message.header.recursionAvailable = true
        message.code = code
        message.edns = query.edns
        for number in 0..<UInt32(count) {
            let address = DNSRecordData.address(IPAddress(v4: 0xC000_0201 + number))
            message.answers.append(DNSRecord(query.questions[0].name, timeToLive: 60, address))
        }
        change(&message)
        return message.encoded()
    }
}
