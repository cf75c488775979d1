import DNSFormats
import TestRandom
import Testing

@Suite("Messages of any shape")
struct RandomMessageTests {
    @Test("what was written is read again", arguments: 0..<300)
    func roundTrip(seed: Int) throws {
        var random = RandomMessages(seed: seed)
        let message = random.message()
        let bytes = message.encoded()
        let read = try DNSMessage(decoding: bytes)
        #expect(read == message)
        #expect(read.encoded() == bytes)
    }

    @Test("cut short, it still is a message, with the beginning of each section", arguments: 0..<100)
    func truncated(seed: Int) throws {
        var random = RandomMessages(seed: seed)
        let message = random.message()
        guard message.questions.count < 2 else { return }
        let limit = 512 + random.generator.below(300)
        let read = try DNSMessage(decoding: message.encoded(limit: limit))
        #expect(message.encoded(limit: limit).count <= limit)
        #expect(message.answers.starts(with: read.answers) && message.authorities.starts(with: read.authorities))
        let isWhole = read.answers == message.answers && read.authorities == message.authorities
        #expect(read.header.isTruncated == (message.header.isTruncated || !isWhole))
    }

    /// Nobody's bytes end the server: reading returns or throws, whatever they are.
    @Test("damaged and invented bytes are read or refused, and what is read can be written", arguments: 0..<300)
    func damaged(seed: Int) throws {
        var random = RandomMessages(seed: seed)
        for _ in 0..<40 {
            var bytes = random.message().encoded()
            switch random.generator.below(4) {
            case 0: bytes = random.bytes(upTo: 80)
            case 1: bytes.removeLast(random.generator.below(bytes.count))
            default:
                for _ in 0...random.generator.below(4) {
                    // Lengths and pointers are where it hurts.
                    let place = random.generator.below(bytes.count)
                    bytes[place] = random.generator.pick([0, 1, 12, 63, 64, 192, 193, 255, bytes[place] &+ 1])
                }
            }
            _ = try? DNSMessage(decodingQuestionOf: bytes)
            guard let message = try? DNSMessage(decoding: bytes) else { continue }
            // A pointer may make a message longer than it may be; then it is cut off.
            let again = try DNSMessage(decoding: message.encoded())
            if !again.header.isTruncated || message.header.isTruncated { #expect(again.answers == message.answers) }
        }
    }
}
