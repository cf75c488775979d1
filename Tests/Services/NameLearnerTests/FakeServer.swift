import DNSFormats
import LinuxSystem
import NetworkTypes
import Synchronization

/// A server of names that says by UDP what a test wants.
final class FakeServer: Sendable {
    /// The datagrams that follow a question.
    typealias Answer = @Sendable (DNSMessage) -> [[UInt8]]

    private let socket: Socket
    private let isOver = Atomic<Bool>(false)
    private let serving = Atomic<Int>(0)

    private init(_ namespace: NamespaceReference, _ family: IPAddress.Family) throws {
        socket = try withNetworkNamespace(namespace) {
            let socket = try Socket(.udp, family)
            if family == .v6 { try socket.enable(.v6Only) }
            try socket.bind(to: SocketAddress(IPAddress(family: family, bits: 0), port: 53))
            return socket
        }
    }

    static func with(
        in namespace: NamespaceReference, _ family: IPAddress.Family = .v4,
        _ messages: @escaping @Sendable (DNSMessage) -> [DNSMessage], _ body: @Sendable () async throws -> Void
    ) async throws {
        try await with(in: namespace, family, datagrams: { messages($0).map { $0.encoded() } }, body)
    }

    static func with(
        in namespace: NamespaceReference, _ family: IPAddress.Family = .v4, threads: Int = 1,
        datagrams answer: @escaping Answer, _ body: @Sendable () async throws -> Void
    ) async throws {
        let server = try FakeServer(namespace, family)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<threads {
                group.addTask {
                    try await DedicatedThread.run {
                        server.serving.add(1, ordering: .relaxed)
                        while !server.isOver.load(ordering: .relaxed) { try server.serve(answer) }
                    }
                }
            }
            // Whoever asks first may block the only thread that could start the server.
            while server.serving.load(ordering: .relaxed) < threads { try await Task.sleep(for: .milliseconds(2)) }
            do {
                defer { server.isOver.store(true, ordering: .relaxed) }
                try await body()
            }
            try await group.waitForAll()
        }
    }

    private func serve(_ answer: Answer) throws {
        guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .milliseconds(50)),
            let (bytes, sender) = try socket.receiveDatagram(), let question = try? DNSMessage(decoding: bytes)
        else { return }
        for datagram in answer(question) { _ = try socket.send(datagram, to: sender) }
    }

    static func reply(to question: DNSMessage, _ addresses: [String]) -> DNSMessage {
        var message = question
        message.header.isResponse = true
        message.edns = question.edns
        message.answers = addresses.compactMap { IPAddress($0) }.map {
            DNSRecord(question.questions.first?.name ?? .root, timeToLive: 1, .address($0))
        }
        return message
    }
}
