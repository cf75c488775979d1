import NetworkTypes
import PodResponder

/// An ICMP or ICMPv6 echo without data; `number` is identifier and sequence number together.
struct EchoPacket: Hashable {
    let isReply: Bool
    let number: UInt32

    init(isReply: Bool, number: UInt32) {
        self.isReply = isReply
        self.number = number
    }

    /// Nil for other messages.
    init?(_ bytes: some Collection<UInt8>, _ family: IPAddress.Family) {
        let bytes = Array(bytes)
        guard bytes.count >= 8, bytes[1] == 0 else { return nil }
        let (request, reply): (UInt8, UInt8) = family == .v4 ? (8, 0) : (128, 129)
        guard bytes[0] == request || bytes[0] == reply else { return nil }
        self.init(isReply: bytes[0] == reply, number: UInt32(bigEndianBytes: bytes[4..<8]))
    }

    /// In wire format.
    ///
    /// The kernel fills in the checksum of ICMPv6, which covers the addresses.
    func bytes(_ family: IPAddress.Family) -> [UInt8] {
        let type: UInt8 = family == .v4 ? (isReply ? 0 : 8) : (isReply ? 129 : 128)
        let blank = [type, 0, 0, 0] + number.bigEndianBytes
        guard family == .v4 else { return blank }
        // The internet checksum (RFC 1071).
        let words = stride(from: 0, to: blank.count, by: 2).map { UInt32(blank[$0]) << 8 | UInt32(blank[$0 + 1]) }
        var sum = words.reduce(0, +)
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        let checksum = UInt16(truncatingIfNeeded: ~sum)
        return blank[..<2] + checksum.bigEndianBytes + blank[4...]
    }
}
