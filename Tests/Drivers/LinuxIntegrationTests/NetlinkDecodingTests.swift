import LinuxSystem
import TestRandom
import Testing

@Suite("Netlink decoding")
struct NetlinkDecodingTests {
    @Test("what is written is read back")
    func roundTrip() {
        var writer = NetlinkWriter()
        writer.put(1, UInt8(7))
        writer.put(2, bigEndian: UInt16(0x1234))
        writer.put(3, text: "gabvxlan")
        writer.nest(4) { $0.put(5, UInt32(99)) }
        writer.put(flag: 6)
        let attributes = NetlinkView(writer.bytes).attributes
        #expect(attributes[1]?.number(UInt8.self) == 7)
        #expect(attributes[2]?.bytes == [0x12, 0x34])
        #expect(attributes[3]?.text == "gabvxlan")
        #expect(attributes[4]?.attributes[5]?.number(UInt32.self) == 99)
        #expect(attributes[6]?.count == 0)
        #expect(attributes[7] == nil)
        #expect(writer.bytes.count % 4 == 0)
    }

    @Test("cut or random bytes end the reading and never stop the program", arguments: 0..<5)
    func malformed(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...12, using: &random)
            }
            var read = 0
            for (_, value) in NetlinkView(bytes).attributes {
                read += value.count + value.attributes.reduce(0) { $0 + $1.value.bytes.count }
                _ = value.number(UInt64.self, at: 3)
                _ = value.text
            }
            #expect(read <= 2 * bytes.count)
        }
        #expect(NetlinkView([1, 2]).number(UInt32.self) == nil)
        #expect(NetlinkView([1, 2]).number(UInt8.self, at: -1) == nil)
        #expect(NetlinkView([1, 2]).number(UInt8.self, at: .max) == nil)
    }
}
