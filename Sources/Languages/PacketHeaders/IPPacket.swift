package import NetworkTypes

/// A whole IP packet: its ends, and what it carries.
///
/// Total, as `PacketHeaders`: a packet that is shorter than it says is none.
package struct IPPacket: Hashable, Sendable {
    package let source: IPAddress
    package let destination: IPAddress
    /// Of what is carried, behind IPv6 extension headers.
    package let ipProtocol: UInt8
    /// What is carried, or a part of it.
    package let payload: ArraySlice<UInt8>
    /// Nil for a packet that carries all of it.
    package let fragment: Fragment?

    package struct Fragment: Hashable, Sendable {
        package let id: UInt32
        /// Where the payload belongs, in bytes.
        package let offset: Int
        /// Others come after it.
        package let hasMore: Bool
    }

    package init?(_ bytes: [UInt8]) {
        switch bytes.first.map({ $0 >> 4 }) {
        case 4: self.init(v4: bytes)
        case 6: self.init(v6: bytes)
        default: return nil
        }
    }

    private init?(v4 bytes: [UInt8]) {
        let reader = PacketReader(bytes)
        guard let first = reader.byte(0), let length = reader.word(2), let id = reader.word(4),
            let place = reader.word(6), let number = reader.byte(9), let source = reader.address(12, count: 4),
            let destination = reader.address(16, count: 4)
        else { return nil }
        let start = Int(first & 15) * 4
        guard start >= 20, start <= Int(length), Int(length) <= bytes.count else { return nil }
        self.source = source
        self.destination = destination
        ipProtocol = number
        payload = bytes[start..<Int(length)]
        fragment =
            place & 0x3FFF == 0
            ? nil : Fragment(id: UInt32(id), offset: Int(place & 0x1FFF) * 8, hasMore: place & 0x2000 != 0)
    }

    private init?(v6 bytes: [UInt8]) {
        let reader = PacketReader(bytes)
        guard let length = reader.word(4), let first = reader.byte(6), let source = reader.address(8, count: 16),
            let destination = reader.address(24, count: 16), 40 + Int(length) <= bytes.count,
            let inner = reader.fragmentOrUpperLayer(first, at: 40), inner.place <= 40 + Int(length)
        else { return nil }
        self.source = source
        self.destination = destination
        ipProtocol = inner.number
        payload = bytes[inner.place..<40 + Int(length)]
        fragment = inner.fragment
    }
}

extension PacketReader {
    /// What is behind the extension headers, or behind the header of a fragment.
    fileprivate func fragmentOrUpperLayer(
        _ first: UInt8, at start: Int
    ) -> (number: UInt8, place: Int, fragment: IPPacket.Fragment?)? {
        var (number, place) = (first, start)
        for _ in 0..<16 {
            switch number {
            case 0, 43, 60, 135:
                guard let next = byte(place), let units = byte(place + 1) else { return nil }
                (number, place) = (next, place + (Int(units) + 1) * 8)
            case 44:
                guard let next = byte(place), let offset = word(place + 2), let high = word(place + 4),
                    let low = word(place + 6)
                else { return nil }
                let id = UInt32(high) << 16 | UInt32(low)
                let isWhole = offset & 0xFFF9 == 0
                let fragment = IPPacket.Fragment(id: id, offset: Int(offset & 0xFFF8), hasMore: offset & 1 != 0)
                return (next, place + 8, isWhole ? nil : fragment)
            default: return (number, place, nil)
            }
        }
        return nil
    }
}
