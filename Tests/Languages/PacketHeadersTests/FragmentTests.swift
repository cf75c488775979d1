import NetworkTypes
import PacketHeaders
import TestRandom
import Testing

@Suite("Datagrams in fragments")
struct FragmentTests {
    private static func fragments(_ payload: [UInt8], id: UInt16, size: Int) -> [[UInt8]] {
        stride(from: 0, to: payload.count, by: size).map { start in
            let end = min(start + size, payload.count)
            let place = start / 8 | (end < payload.count ? 0x2000 : 0)
            let length = 20 + end - start
            return [0x45, 0, UInt8(length >> 8), UInt8(length & 255), UInt8(id >> 8), UInt8(id & 255)]
                + [UInt8(place >> 8), UInt8(place & 255), 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2] + payload[start..<end]
        }
    }

    private static func feed(_ buffer: inout FragmentBuffer, _ bytes: [UInt8], at now: UInt64 = 0) throws
        -> FragmentBuffer.Whole?
    {
        buffer.take(try #require(IPPacket(bytes)), bytes, at: now)
    }

    @Test("whatever their order, datagrams become whole with the last of their fragments", arguments: 1...20)
    func random(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let payloads = (0..<5).map { _ in
            (0..<Int.random(in: 1...9000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        let packets = payloads.enumerated().flatMap { Self.fragments($1, id: UInt16($0), size: 800) }
            .shuffled(using: &random)
        var buffer = FragmentBuffer()
        let whole = try packets.compactMap { try Self.feed(&buffer, $0) }
        #expect(Set(whole.map { Array($0.payload) }) == Set(payloads) && buffer.count == 0)
        #expect(whole.reduce(0) { $0 + $1.packets.count } == packets.count)
    }

    @Test("what overlaps, is told twice or never ends is given up; others have their place after a while")
    func bounds() throws {
        let fragments = Self.fragments([UInt8](repeating: 7, count: 2000), id: 1, size: 800)
        var buffer = FragmentBuffer(limit: 2, patience: 10)
        for bytes in [fragments[0], fragments[0], fragments[2]] { #expect(try Self.feed(&buffer, bytes) == nil) }
        var overlapping = fragments[1]
        overlapping[7] -= 1
        #expect(try Self.feed(&buffer, overlapping) == nil && buffer.count == 1)
        for id in UInt16(2)...9 {
            _ = try Self.feed(&buffer, Self.fragments([UInt8](repeating: 7, count: 1000), id: id, size: 800)[0], at: 5)
        }
        #expect(buffer.count == 2)
        _ = try Self.feed(&buffer, Self.fragments([UInt8](repeating: 7, count: 1000), id: 10, size: 800)[0], at: 15)
        #expect(buffer.count == 1)
    }

    @Test("a packet that is shorter than it says is none")
    func short() {
        let packet = Self.fragments([1, 2, 3, 4, 5, 6, 7, 8], id: 1, size: 800)[0]
        for count in 0..<packet.count { #expect(IPPacket(Array(packet.prefix(count))) == nil) }
        #expect(IPPacket(packet)?.payload.count == 8 && IPPacket(packet + [0])?.payload.count == 8)
        #expect(
            UDPDatagram([0, 1, 0, 2, 0, 7, 0, 0]) == nil && UDPDatagram([0, 1, 0, 2, 0, 8, 0, 0])?.data.isEmpty == true)
        #expect(TCPSegment([UInt8](repeating: 0x40, count: 20)[...]) == nil && TCPSegment([1, 2]) == nil)
    }
}
