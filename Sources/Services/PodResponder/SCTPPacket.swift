/// An SCTP packet of one control chunk: as much of RFC 9260 as opening an association by hand takes.
///
/// The kernel here has no SCTP sockets, but it filters and tracks SCTP: packets made by hand on raw sockets are real
/// packets to it, provided that checksum and verification tags are right.
package struct SCTPPacket: Hashable, Sendable {
    package let sourcePort: UInt16
    package let destinationPort: UInt16
    /// 0 with INIT, otherwise the initiate tag that the receiver chose.
    package let verificationTag: UInt32
    package let chunk: Chunk

    package enum Chunk: Hashable, Sendable {
        /// Opens an association; the tag is what the other side must send as verification tag.
        case initiate(tag: UInt32)
        case initiateAcknowledgement(tag: UInt32)
        case abort
        /// Any other chunk, by its type.
        case other(UInt8)
    }

    package init(sourcePort: UInt16, destinationPort: UInt16, verificationTag: UInt32, chunk: Chunk) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.verificationTag = verificationTag
        self.chunk = chunk
    }

    /// What a server answers to an INIT: INIT ACK if somebody listens on its port, else ABORT; nil for other packets.
    ///
    /// The verification tag of either is the client's initiate tag (RFC 9260, 5.1 and 8.4).
    package func answer(isListening: Bool, tag: UInt32) -> SCTPPacket? {
        guard case .initiate(let peerTag) = chunk, verificationTag == 0, peerTag != 0 else { return nil }
        return SCTPPacket(
            sourcePort: destinationPort, destinationPort: sourcePort, verificationTag: peerTag,
            chunk: isListening ? .initiateAcknowledgement(tag: tag == 0 ? 1 : tag) : .abort)
    }
}

extension SCTPPacket {
    private enum ChunkType {
        static let initiate: UInt8 = 1
        static let initiateAcknowledgement: UInt8 = 2
        static let abort: UInt8 = 6
    }

    /// The packet in wire format, checksum included.
    package var bytes: [UInt8] {
        let header = sourcePort.bigEndianBytes + destinationPort.bigEndianBytes + verificationTag.bigEndianBytes
        let sum = CRC32C.checksum(header + [0, 0, 0, 0] + chunkBytes)
        return header + sum.bigEndianBytes.reversed() + chunkBytes
    }

    private var chunkBytes: [UInt8] {
        switch chunk {
        case .initiate(let tag):
            return [ChunkType.initiate, 0, 0, 20] + Self.parameters(tag: tag)
        case .initiateAcknowledgement(let tag):
            // The state cookie is mandatory (type 7); ours carries nothing but the tag.
            let cookie: [UInt8] = [0, 7, 0, 8] + tag.bigEndianBytes
            return [ChunkType.initiateAcknowledgement, 0, 0, 28] + Self.parameters(tag: tag) + cookie
        case .abort:
            return [ChunkType.abort, 0, 0, 4]
        case .other(let type):
            return [type, 0, 0, 4]
        }
    }

    /// Initiate tag, window of 64 KiB, one stream each way, and the tag again as the first sequence number.
    private static func parameters(tag: UInt32) -> [UInt8] {
        tag.bigEndianBytes + UInt32(65536).bigEndianBytes + [0, 1, 0, 1] + tag.bigEndianBytes
    }

    /// Parses a packet by its first chunk; nil when it is cut short or its checksum is wrong.
    package init?(_ bytes: some RandomAccessCollection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 16 else { return nil }
        let sum = Array(bytes[8..<12].reversed())
        let blank = bytes[..<8] + [0, 0, 0, 0] + bytes[12...]
        guard UInt32(bigEndianBytes: sum) == CRC32C.checksum(blank) else { return nil }
        let chunk: Chunk
        switch bytes[12] {
        case ChunkType.initiate, ChunkType.initiateAcknowledgement:
            guard bytes.count >= 32 else { return nil }
            let tag = UInt32(bigEndianBytes: bytes[16..<20])
            chunk = bytes[12] == ChunkType.initiate ? .initiate(tag: tag) : .initiateAcknowledgement(tag: tag)
        case ChunkType.abort: chunk = .abort
        case let type: chunk = .other(type)
        }
        self.init(
            sourcePort: UInt16(bigEndianBytes: bytes[0..<2]), destinationPort: UInt16(bigEndianBytes: bytes[2..<4]),
            verificationTag: UInt32(bigEndianBytes: bytes[4..<8]), chunk: chunk)
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    package var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> Self($0)) }
    }

    package init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Self($1) }
    }
}
