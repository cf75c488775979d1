/// A UDP datagram without its packet.
package struct UDPDatagram: Hashable, Sendable {
    package let sourcePort: UInt16
    package let destinationPort: UInt16
    package let data: ArraySlice<UInt8>

    /// Nil for what is shorter than it says.
    package init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 8 else { return nil }
        let length = Int(bytes.word(4))
        guard length >= 8, length <= bytes.count else { return nil }
        sourcePort = bytes.word(0)
        destinationPort = bytes.word(2)
        data = bytes.dropFirst(8).prefix(length - 8)
    }
}

/// A TCP segment without its packet.
package struct TCPSegment: Hashable, Sendable {
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let fin = Flags(rawValue: 1)
        package static let syn = Flags(rawValue: 2)
        package static let reset = Flags(rawValue: 4)
    }

    package let sourcePort: UInt16
    package let destinationPort: UInt16
    /// The number of its first byte (of SYN, if it has one).
    package let sequence: UInt32
    package let flags: Flags
    package let data: ArraySlice<UInt8>

    package init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 20 else { return nil }
        let start = Int(bytes[bytes.startIndex + 12] >> 4) * 4
        guard start >= 20, start <= bytes.count else { return nil }
        sourcePort = bytes.word(0)
        destinationPort = bytes.word(2)
        sequence = UInt32(bytes.word(4)) << 16 | UInt32(bytes.word(6))
        flags = Flags(rawValue: bytes[bytes.startIndex + 13])
        data = bytes.dropFirst(start)
    }
}

extension ArraySlice<UInt8> {
    /// In network order; the place is there.
    fileprivate func word(_ place: Int) -> UInt16 {
        UInt16(self[startIndex + place]) << 8 | UInt16(self[startIndex + place + 1])
    }
}
