import DNSFormats
import LinuxSystem
import NetworkTypes
import Synchronization
import TestSupport
import Testing

@Suite("A learner that stands still", .requiresRoot, .serialized)
struct FrozenLearnerTests {
    @Test("frozen, it holds back no answers after some seconds; nothing opens, and it learns again when it goes on")
    func frozen() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        try await FakeServer.with(in: network.outside.reference) { question in
            // Each number has an address of its own.
            [FakeServer.reply(to: question, ["198.18.0.\(question.header.id)"])]
        } _: {
            let pod = network.pod.reference
            #expect(try PodClient.ask(PodClient.query(id: 1), from: pod)?.addresses == ["198.18.0.1"])
            #expect(try network.elements().contains("198.18.0.1"))
            try learner.send(.stop)
            let start = ContinuousClock.now
            try await eventually("answers come without it", within: .seconds(10)) {
                try PodClient.ask(PodClient.query(id: 2), from: pod)?.addresses == ["198.18.0.2"]
            }
            #expect(ContinuousClock.now - start < .seconds(9))
            #expect(try !network.elements().contains("198.18.0.2"))
            try learner.send(.proceed)
            try await eventually("it learns again") {
                _ = try PodClient.ask(PodClient.query(id: 3), from: pod)
                return try network.elements().contains("198.18.0.3")
            }
        }
    }

    @Test("the bits of DNSSEC and EDNS, signatures and unknown options reach the pod as the server sent them")
    func unchanged() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        let sent = Mutex<[UInt8]>([])
        let signature = [UInt8](repeating: 0xA5, count: 90)
        try await FakeServer.with(in: network.outside.reference) { question in
            var reply = FakeServer.reply(to: question, ["198.18.0.1"])
            (reply.header.isAuthenticated, reply.header.checkingDisabled) = (true, true)
            let name = question.questions.first?.name ?? .root
            reply.answers.append(
                DNSRecord(name, timeToLive: 60, .other(DNSRecordType(rawValue: 46), signature)))
            sent.withLock { $0 = reply.encoded() }
            return [reply]
        } _: {
            var query = PodClient.query(id: 7)
            query.edns?.wantsSignatures = true
            query.edns?.options = [0xFD, 0xE9, 0, 2, 1, 2]
            let bytes = try PodClient.exchange(query.encoded(), from: network.pod.reference)
            #expect(bytes == sent.withLock { $0 })
        }
        #expect(try network.elements().contains("198.18.0.1"))
    }
}
