import DNSFormats
import LinuxSystem
import NameLearner
import NetworkTypes
import TestSupport
import Testing

@Suite("A learner that is never idle", .requiresRoot)
struct BusyLearnerTests {
    /// Twice as long as it takes until answers go past a learner that stands still, and the while in which it has to obey.
    private static let time = Duration.seconds(16)

    @Test("however long questions never end, it takes new orders, and no answer goes past it")
    func busy() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        let model = FakeServer.reply(to: PodClient.query(), (1...50).map { "198.18.0.\($0)" }).encoded()
        try await FakeServer.with(
            in: network.outside.reference,
            datagrams: { question in
                // Without work of its own: the learner has always something to read.
                [[UInt8(question.header.id >> 8), UInt8(question.header.id & 255)] + model.dropFirst(2)]
            }
        ) {
            async let answered = DedicatedThread.run { try Self.ask(network.pod.reference) }
            try await Task.sleep(for: .seconds(10))
            try network.order(revision: 2)
            try await eventually("it obeys", within: .seconds(5)) { try network.status.revision == 2 }
            #expect(try await answered > 1000)
        }
        try await eventually("all went by it") { try network.status.questions == network.status.answers }
        #expect(try network.status.lapses == 0 && network.status.drops.isEmpty)
    }

    /// Has 64 questions open for so long; how many are answered.
    private static func ask(_ pod: NamespaceReference) throws -> Int {
        let socket = try withNetworkNamespace(pod) {
            let socket = try Socket(.udp, .v4)
            _ = try socket.connect(to: SocketAddress(IPAddress(v4: 0x0A60_000A), port: 53))
            return socket
        }
        let query = PodClient.query().encoded()
        var (sent, answered) = (0, 0)
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end || answered < sent {
            while sent < answered + 64, ContinuousClock.now < end {
                sent += 1
                _ = try socket.send([UInt8(sent >> 8 & 255), UInt8(sent & 255)] + query.dropFirst(2))
            }
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(5)) else {
                Issue.record("question \(answered + 1) has no answer")
                break
            }
            while try socket.receive() != nil { answered += 1 }
        }
        return answered
    }
}
