import NetworkTypes

/// Reads a message's fields in their order; every read is within the bytes, or throws.
struct DNSReader {
    private let bytes: [UInt8]
    private(set) var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() throws(DNSFormatError) -> UInt8 {
        guard place < bytes.count else { throw .ended }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func word() throws(DNSFormatError) -> UInt16 {
        UInt16(try byte()) << 8 | UInt16(try byte())
    }

    mutating func double() throws(DNSFormatError) -> UInt32 {
        UInt32(try word()) << 16 | UInt32(try word())
    }

    mutating func raw(_ count: Int) throws(DNSFormatError) -> [UInt8] {
        guard count <= bytes.count - place else { throw .ended }
        defer { place += count }
        return Array(bytes[place..<place + count])
    }

    /// A name, and what it points to (RFC 1035, 4.1.4).
    ///
    /// A pointer leads before the piece of the name that it ends, so that there are no loops.
    mutating func name() throws(DNSFormatError) -> DomainName {
        var labels: [ArraySlice<UInt8>] = []
        var length = 0
        var next = place
        var pieceStart = place
        var end: Int?
        while true {
            guard next < bytes.count else { throw .ended }
            let first = bytes[next]
            switch first >> 6 {
            case 0 where first == 0:
                place = end ?? next + 1
                guard let name = DomainName(labels: labels) else { throw .badName }
                return name
            case 0:
                let labelEnd = next + 1 + Int(first)
                guard labelEnd <= bytes.count else { throw .ended }
                length += Int(first) + 1
                guard length <= 254 else { throw .badName }
                labels.append(bytes[next + 1..<labelEnd])
                next = labelEnd
            case 3:
                guard next + 1 < bytes.count else { throw .ended }
                let target = Int(first & 0x3F) << 8 | Int(bytes[next + 1])
                guard target < pieceStart else { throw .badName }
                end = end ?? next + 2
                (next, pieceStart) = (target, target)
            default: throw .badName
            }
        }
    }
}

/// Why bytes are no message.
package enum DNSFormatError: Error, Hashable, Sendable {
    /// They end before the message does.
    case ended
    /// A name that is too long, has a label of an unknown kind, or points forward.
    case badName
    /// Data that is shorter or longer than its type allows.
    case badData(DNSRecordType)
    /// More than one OPT record, or one with a name.
    case badExtension
}
