package import NetworkTypes

/// What the beginning of an IP packet says about the flow that it belongs to.
///
/// Total: packets come from anybody, and are cut; whatever is missing is nil, and nothing is read past the end.
package struct PacketHeaders: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    /// The IANA number of the protocol above IP, behind IPv6 extension headers.
    package var ipProtocol: UInt8
    /// The length of the whole packet in bytes, as its header says.
    package var length: Int
    package var content: Content

    package enum Content: Hashable, Sendable {
        /// TCP, UDP, SCTP, DCCP and UDP-Lite.
        case ports(source: UInt16, destination: UInt16)
        /// `id` is 0 for messages without one.
        case icmp(type: UInt8, code: UInt8, id: UInt16)
        /// Another protocol, a later fragment, or a packet that was cut before its ports.
        case none
    }

    package init(
        source: IPAddress, destination: IPAddress, ipProtocol: UInt8, length: Int, content: Content
    ) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.length = length
        self.content = content
    }

    /// Nil for what is not IP, or is cut before its addresses.
    package init?(_ bytes: [UInt8]) {
        switch bytes.first.map({ $0 >> 4 }) {
        case 4: self.init(v4: PacketReader(bytes))
        case 6: self.init(v6: PacketReader(bytes))
        default: return nil
        }
    }

    private init?(v4 reader: PacketReader) {
        guard let first = reader.byte(0), let length = reader.word(2), let fragment = reader.word(6),
            let number = reader.byte(9), let source = reader.address(12, count: 4),
            let destination = reader.address(16, count: 4)
        else { return nil }
        let headerLength = Int(first & 15) * 4
        guard headerLength >= 20 else { return nil }
        let isLaterFragment = fragment & 0x1FFF != 0
        self.init(
            source: source, destination: destination, ipProtocol: number, length: max(Int(length), headerLength),
            content: isLaterFragment ? .none : reader.content(number, at: headerLength))
    }

    private init?(v6 reader: PacketReader) {
        guard let length = reader.word(4), let first = reader.byte(6), let source = reader.address(8, count: 16),
            let destination = reader.address(24, count: 16)
        else { return nil }
        let (number, place) = reader.upperLayer(first, at: 40)
        self.init(
            source: source, destination: destination, ipProtocol: number, length: 40 + Int(length),
            content: place.map { reader.content(number, at: $0) } ?? .none)
    }
}
