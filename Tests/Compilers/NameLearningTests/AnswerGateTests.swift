import ClusterAPI
import DNSFormats
import EgressNames
import NameLearning
import NetworkTypes
import TestRandom
import Testing

@Suite("Answers at the gate")
struct AnswerGateTests {
    static let key = ObjectKey(namespace: "shop", name: "a")
    static let other = ObjectKey(namespace: "shop", name: "b")
    static let allowed = NameSelector(NamePattern(TestPackets.name("www.example.com")))
    static let cdn = NameSelector(NamePattern(TestPackets.name("cdn.example"), .descendants))

    /// Long after the pods came.
    static func gate(limits: NameLimits = NameLimits()) -> AnswerGate {
        var gate = AnswerGate(limits: limits)
        gate.obey(orders, at: 0)
        return gate
    }

    static var orders: NameOrders {
        NameOrders(
            revision: 1,
            pods: [
                .init(key: key, addresses: [TestPackets.pod, TestPackets.podV6], selectors: [allowed]),
                .init(key: other, addresses: [TestPackets.otherPod], selectors: [cdn]),
            ],
            bounds: NameBounds(
                clusterRanges: [CIDR("10.128.0.0/14")].compactMap { $0 },
                serviceRanges: [CIDR("10.96.0.0/12")].compactMap { $0 }))
    }

    static func told(_ gate: AnswerGate) -> [String] {
        gate.names.entries.map { "\($0.client.name) \($0.name) \($0.address)" }
    }

    @Test("an answer to a question goes on as it came, after what it teaches")
    func answered() {
        var gate = Self.gate()
        let query = TestPackets.query("www.example.com")
        gate.hear(TestPackets.question(query), at: 100)
        let packet = TestPackets.answer(TestPackets.reply(to: query, ["192.0.2.1", "192.0.2.2"]))
        let verdict = gate.judge(packet, at: 100)
        #expect(verdict.passing == [packet])
        #expect(
            verdict.lessons.map(\.delta.added) == [
                [Self.allowed: Set(["192.0.2.1", "192.0.2.2"].compactMap { IPAddress($0) })]
            ])
        #expect(verdict.lessons.flatMap(\.news).map(\.deadline) == [405, 405])
        #expect(Self.told(gate) == ["a www.example.com. 192.0.2.1", "a www.example.com. 192.0.2.2"])
    }

    static let unheard: [(String, @Sendable () -> [UInt8], GateTally.Drop)] = [
        ("with another number", { answer(TestPackets.query("www.example.com", id: 8)) }, .unsolicited),
        ("to another port", { answer(TestPackets.query("www.example.com"), port: 40_001) }, .unsolicited),
        (
            "from another server",
            { answer(TestPackets.query("www.example.com"), from: IPAddress(v4: 0x0A60_000B)) }, .unsolicited
        ),
        ("to another pod", { answer(TestPackets.query("www.example.com"), to: TestPackets.otherPod) }, .unsolicited),
        ("about another name", { answer(TestPackets.query("evil.example")) }, .otherQuestion),
        ("of another type", { answer(TestPackets.query("www.example.com", .aaaa)) }, .otherQuestion),
        ("without a question", { TestPackets.answer(mute) }, .otherQuestion),
        ("that is a question", { TestPackets.answer(TestPackets.query("www.example.com")) }, .unreadable),
        (
            "of noise",
            { TestPackets.packet(TestPackets.server, TestPackets.pod, 17, TestPackets.datagram(53, 40_000, [1, 2])) },
            .unreadable
        ),
        (
            "shorter than it says",
            { TestPackets.packet(TestPackets.server, TestPackets.pod, 17, [0, 53, 0x9C, 0x40, 0, 99, 0, 0]) },
            .unreadable
        ),
    ]

    static var mute: DNSMessage {
        var message = TestPackets.reply(to: TestPackets.query("www.example.com"), ["192.0.2.66"])
        message.questions = []
        return message
    }

    static func answer(
        _ query: DNSMessage, to pod: IPAddress = TestPackets.pod, port: Int = 40_000,
        from server: IPAddress = TestPackets.server
    ) -> [UInt8] {
        TestPackets.answer(TestPackets.reply(to: query, ["192.0.2.66"]), to: pod, port: port, from: server)
    }

    @Test("an answer that nobody asked for does not reach the pod, and the true one does", arguments: unheard)
    func forged(_ what: String, _ packet: @Sendable () -> [UInt8], _ drop: GateTally.Drop) {
        var gate = Self.gate()
        let query = TestPackets.query("www.example.com")
        gate.hear(TestPackets.question(query), at: 100)
        #expect(gate.judge(packet(), at: 100).passing.isEmpty)
        #expect(gate.tally.drops == [drop: 1] && Self.told(gate).isEmpty)
        let verdict = gate.judge(TestPackets.answer(TestPackets.reply(to: query, ["192.0.2.1"])), at: 100)
        #expect(verdict.passing.count == 1 && Self.told(gate) == ["a www.example.com. 192.0.2.1"])
    }

    @Test("a pod that asks twice is answered twice, and not a third time")
    func repeated() {
        var gate = Self.gate()
        let query = TestPackets.query("www.example.com")
        for _ in 0..<2 { gate.hear(TestPackets.question(query), at: 100) }
        let packet = TestPackets.answer(TestPackets.reply(to: query, ["192.0.2.1"]))
        #expect((0..<3).map { _ in gate.judge(packet, at: 101).passing.count } == [1, 1, 0])
    }

    @Test("what nothing mentions passes and leaves no trace; what an alias leads to is the pod's own")
    func unmentioned() {
        var gate = Self.gate()
        for (id, name) in [(UInt16(1), "free.example"), (2, "x.cdn.example")] {
            let query = TestPackets.query(name, id: id)
            gate.hear(TestPackets.question(query), at: 100)
            let reply = TestPackets.reply(to: query, ["192.0.2.9"], aliases: id == 2 ? ["www.example.com"] : [])
            #expect(gate.judge(TestPackets.answer(reply), at: 100).passing.count == 1)
        }
        #expect(Self.told(gate) == ["a www.example.com. 192.0.2.9"])
    }

    @Test("questions for other types, and answers that say no, pass", arguments: [DNSRecordType.txt, .srv, .any, .a])
    func others(_ type: DNSRecordType) {
        var gate = Self.gate()
        let query = TestPackets.query("www.example.com", type)
        gate.hear(TestPackets.question(query), at: 100)
        var reply = TestPackets.reply(to: query, [])
        reply.code = .serverFailure
        reply.questions = type == .a ? [] : reply.questions
        #expect(gate.judge(TestPackets.answer(reply), at: 100).passing.count == 1)
        #expect(Self.told(gate).isEmpty && gate.tally.drops.isEmpty)
    }

    @Test("addresses of the cluster, and records beside the way, are refused by name; the answer passes")
    func hostile() {
        var gate = Self.gate()
        let query = TestPackets.query("www.example.com")
        gate.hear(TestPackets.question(query), at: 100)
        var reply = TestPackets.reply(
            to: query, ["10.128.0.2", "10.96.0.1", "169.254.169.254", "127.0.0.1", "192.0.2.1"])
        reply.answers.append(
            DNSRecord(TestPackets.name("bank.example"), timeToLive: 9, .address(IPAddress(v4: 0xC000_0299))))
        #expect(gate.judge(TestPackets.answer(reply), at: 100).passing.count == 1)
        #expect(Self.told(gate) == ["a www.example.com. 192.0.2.1"])
        #expect(gate.tally.refusals == ["forbidden_address": 4, "stray_record": 1])
        #expect(gate.tally.complaints.count == 5 && gate.tally.complaints.allSatisfy { $0.pod == Self.key })
    }

    @Test("answers in fragments go on together, after the last", arguments: [false, true], [false, true])
    func fragments(isV6: Bool, isReversed: Bool) {
        var gate = Self.gate()
        let (pod, server) = isV6 ? (TestPackets.podV6, TestPackets.serverV6) : (TestPackets.pod, TestPackets.server)
        let query = TestPackets.query("www.example.com")
        gate.hear(TestPackets.question(query, from: pod, to: server), at: 100)
        let addresses = (1...120).map { "192.0.2.\($0)" }
        let payload = TestPackets.datagram(53, 40_000, TestPackets.reply(to: query, addresses).encoded())
        let cuts = stride(from: 0, to: payload.count, by: 800).map { ($0, min($0 + 800, payload.count)) }
        let packets = cuts.map { start, end in
            TestPackets.packet(
                server, pod, 17, Array(payload[start..<end]), fragment: (9, start, end < payload.count))
        }
        let order = isReversed ? packets.reversed() : packets
        let passed = order.map { gate.judge($0, at: 100).passing }
        #expect(packets.count > 2 && passed.dropLast().allSatisfy(\.isEmpty) && passed.last == order)
        #expect(gate.names.count == 120)
    }

    @Test("a pod may have asked before anybody listened: at first only names that it mentions are held back")
    func youth() {
        var gate = Self.gate()
        let free = TestPackets.answer(TestPackets.reply(to: TestPackets.query("free.example"), ["192.0.2.1"]))
        let mentioned = TestPackets.answer(TestPackets.reply(to: TestPackets.query("www.example.com"), ["192.0.2.1"]))
        #expect(gate.judge(free, at: 4).passing.count == 1 && gate.judge(mentioned, at: 4).passing.isEmpty)
        #expect(gate.judge(free, at: 5).passing.isEmpty && Self.told(gate).isEmpty)
    }

    @Test("a pod of the same name with other addresses knows nothing, and one that mentions nothing is let alone")
    func orders() {
        var gate = Self.gate()
        let query = TestPackets.query("www.example.com")
        gate.hear(TestPackets.question(query), at: 100)
        let packet = TestPackets.answer(TestPackets.reply(to: query, ["192.0.2.1"]))
        _ = gate.judge(packet, at: 100)
        gate.obey(Self.orders, at: 101)
        #expect(gate.names.count == 1)
        var moved = Self.orders
        moved.pods[0] = .init(key: Self.key, addresses: [TestPackets.podV6], selectors: [Self.allowed])
        gate.obey(moved, at: 102)
        #expect(gate.names.count == 0 && gate.judge(packet, at: 103).passing == [packet])
        gate.obey(NameOrders(), at: 104)
        #expect(gate.clients.isEmpty)
    }

    @Test("who asks too much at once loses its oldest questions, by name; answers to the rest teach")
    func limits() {
        var limits = NameLimits()
        limits.questionsPerClient = 2
        var gate = Self.gate(limits: limits)
        let queries = (1...3).map { TestPackets.query("www.example.com", id: $0) }
        for query in queries { gate.hear(TestPackets.question(query), at: 100) }
        #expect(gate.tally.refusals == ["too_many_questions": 1])
        let passed = queries.map { query in
            let reply = TestPackets.reply(to: query, ["192.0.2.\(query.header.id)"])
            return gate.judge(TestPackets.answer(reply), at: 100).passing.count
        }
        #expect(passed == [0, 1, 1] && Self.told(gate).map { $0.suffix(1) } == ["2", "3"])
        #expect(gate.tally.drops == [.unsolicited: 1])
        for query in queries { gate.hear(TestPackets.question(query), at: 200) }
        gate.tidy(at: 210)
        gate.hear(TestPackets.question(queries[0]), at: 210)
        #expect(gate.tally.refusals == ["too_many_questions": 2])
    }

    @Test("after an hour of questions, answered and not, the latest are answered and teach")
    func mixed() {
        var limits = NameLimits()
        limits.questionsPerClient = 16
        var gate = Self.gate(limits: limits)
        var random = SeededGenerator(seed: 7)
        for round in 1...5000 {
            let number = UInt16(round)
            let query = TestPackets.query("www.example.com", id: number)
            gate.hear(TestPackets.question(query), at: UInt64(round))
            // The others stay open until they are the oldest, or too old.
            guard Bool.random(using: &random) else { continue }
            let reply = TestPackets.reply(to: query, ["192.0.2.1"])
            #expect(gate.judge(TestPackets.answer(reply), at: UInt64(round)).passing.count == 1)
        }
        #expect(gate.tally.drops.isEmpty && gate.tally.refusals["too_many_questions", default: 0] > 2000)
    }

    @Test("packets of nobody, and noise, end nothing")
    func noise() {
        var gate = Self.gate()
        for packet in [
            [], [0x45], [0x60, 0, 0, 0], [UInt8](repeating: 0x45, count: 40), [UInt8](repeating: 0x66, count: 80),
        ] {
            gate.hear(packet, at: 1)
            #expect(gate.judge(packet, at: 1).passing.isEmpty)
        }
        let group = IPAddress(family: .v6, bits: 0xFF02 << 112 | 0x16)
        #expect(gate.judge(TestPackets.packet(TestPackets.podV6, group, 58, [143, 0, 0, 0]), at: 1).passing.isEmpty)
        let echo = TestPackets.packet(TestPackets.server, TestPackets.pod, 1, [0, 0, 0, 0])
        #expect(gate.judge(echo, at: 1).passing == [echo])
    }
}
