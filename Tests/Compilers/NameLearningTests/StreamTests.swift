import ClusterAPI
import DNSFormats
import EgressNames
import NameLearning
import NetworkTypes
import TestRandom
import Testing

@Suite("Answers by TCP at the gate")
struct StreamTests {
    static func framed(_ message: DNSMessage) -> [UInt8] {
        let bytes = message.encoded()
        return TestPackets.word(bytes.count) + bytes
    }

    static func reply(_ addresses: [String], _ name: String = "www.example.com") -> [UInt8] {
        framed(TestPackets.reply(to: TestPackets.query(name), addresses))
    }

    @Test("a message that ends in a segment is learned before the segment goes on")
    func ends() {
        var gate = AnswerGateTests.gate()
        let text = Self.reply(["192.0.2.1"]) + Self.reply(["192.0.2.2"])
        let start = TestPackets.segment([], at: 999, flags: 0x12)
        #expect(gate.judge(start, at: 100).passing == [start])
        let first = TestPackets.segment(Array(text[..<10]), at: 1000)
        let second = TestPackets.segment(Array(text[10...]), at: 1010)
        let verdict = gate.judge(first, at: 100)
        #expect(verdict.passing == [first] && verdict.lessons.isEmpty)
        let last = gate.judge(second, at: 100)
        #expect(last.passing == [second] && last.lessons.count == 2 && gate.names.count == 2)
        #expect(gate.judge(second, at: 100).passing == [second], "repeated")
    }

    @Test("a gap is dropped until it is closed")
    func gap() {
        var gate = AnswerGateTests.gate()
        let text = Self.reply(["192.0.2.1"])
        _ = gate.judge(TestPackets.segment([], at: UInt32.max, flags: 0x12), at: 100)
        let parts = [TestPackets.segment(Array(text[..<20]), at: 0), TestPackets.segment(Array(text[20...]), at: 20)]
        #expect(gate.judge(parts[1], at: 100).passing.isEmpty && gate.tally.drops == [.gap: 1])
        #expect(parts.map { gate.judge($0, at: 100).passing.count } == [1, 1] && gate.names.count == 1)
    }

    @Test("a connection from before us is followed from the first segment that begins an answer")
    func joined() {
        var gate = AnswerGateTests.gate()
        let text = Self.reply(["192.0.2.1"])
        let tail = TestPackets.segment(Array(text[30...]), at: 30)
        #expect(gate.judge(tail, at: 100).passing == [tail] && gate.names.count == 0)
        let whole = TestPackets.segment(text, at: UInt32(text.count))
        #expect(gate.judge(whole, at: 100).lessons.count == 1 && gate.names.count == 1)
    }

    @Test("connections have ends, and pods none that they did not ask for")
    func ends2() {
        var gate = AnswerGateTests.gate()
        _ = gate.judge(TestPackets.segment([], at: 0, flags: 0x12), at: 100)
        gate.tidy(at: 101)
        #expect(gate.tally.streams == 1)
        let reset = TestPackets.segment([], at: 1, flags: 4)
        #expect(gate.judge(reset, at: 102).passing == [reset])
        gate.tidy(at: 103)
        #expect(gate.tally.streams == 0)
        _ = gate.judge(TestPackets.segment([], at: 0, flags: 0x12), at: 104)
        gate.tidy(at: 500)
        #expect(gate.tally.streams == 0)
    }

    @Test(
        "however a stream is cut, repeated and mixed up, pods get it whole and nothing before it is learned",
        arguments: 1...40)
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var gate = AnswerGateTests.gate()
        let texts = (0..<20).map { number in
            Self.reply((0..<Int.random(in: 1...30, using: &random)).map { "198.51.\(number).\($0)" })
        }
        let text = texts.flatMap { $0 }
        let origin = UInt32.random(in: 0...UInt32.max, using: &random)
        _ = gate.judge(TestPackets.segment([], at: origin &- 1, flags: 0x12), at: 100)
        var got = 0
        while got < text.count {
            let start = max(0, min(text.count - 1, got + Int.random(in: -400...300, using: &random)))
            let end = min(text.count, start + Int.random(in: 1...700, using: &random))
            let packet = TestPackets.segment(Array(text[start..<end]), at: origin &+ UInt32(start))
            let verdict = gate.judge(packet, at: 100)
            #expect(verdict.passing.isEmpty == (start > got))
            if start <= got { got = max(got, end) }
            let whole = Self.whole(texts, within: got)
            #expect(gate.names.count == whole)
        }
    }

    /// How many addresses the messages have that end within so many bytes.
    private static func whole(_ texts: [[UInt8]], within count: Int) -> Int {
        var (end, addresses) = (0, 0)
        for text in texts {
            end += text.count
            guard end <= count else { break }
            addresses += (try? DNSMessage(decoding: Array(text.dropFirst(2))))?.answers.count ?? 0
        }
        return addresses
    }
}
