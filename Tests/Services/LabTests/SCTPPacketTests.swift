import PodResponder
import Testing

@Suite("SCTP by hand")
struct SCTPPacketTests {
    @Test("the checksum is CRC-32C")
    func checksum() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    }

    private static let chunks: [SCTPPacket.Chunk] = [
        .initiate(tag: 7), .initiateAcknowledgement(tag: .max), .abort, .other(10),
    ]

    @Test("what is written is read back", arguments: chunks)
    func roundTrip(chunk: SCTPPacket.Chunk) throws {
        let packet = SCTPPacket(sourcePort: 1, destinationPort: 65535, verificationTag: 0xDEAD_BEEF, chunk: chunk)
        #expect(SCTPPacket(packet.bytes) == packet)
    }

    @Test("a packet with any one byte changed, or cut short, is refused")
    func damage() {
        let bytes = SCTPPacket(
            sourcePort: 4000, destinationPort: 7777, verificationTag: 0, chunk: .initiate(tag: 99)
        ).bytes
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x40
            #expect(SCTPPacket(damaged) == nil, "byte \(index)")
            #expect(SCTPPacket(bytes[..<index]) == nil, "cut at \(index)")
        }
    }

    @Test("a server answers INIT with the client's tag, and nothing else")
    func answers() {
        let initiate = SCTPPacket(
            sourcePort: 4000, destinationPort: 7777, verificationTag: 0, chunk: .initiate(tag: 99))
        let open = initiate.answer(isListening: true, tag: 5)
        #expect(
            open
                == SCTPPacket(
                    sourcePort: 7777, destinationPort: 4000, verificationTag: 99,
                    chunk: .initiateAcknowledgement(tag: 5)))
        #expect(initiate.answer(isListening: false, tag: 5)?.chunk == .abort)
        let tagged = SCTPPacket(sourcePort: 1, destinationPort: 2, verificationTag: 3, chunk: .initiate(tag: 99))
        #expect(tagged.answer(isListening: true, tag: 5) == nil)
        #expect(open?.answer(isListening: true, tag: 5) == nil)
    }
}
