/// What nodes tell each other by UDP: that one lives, and that the other heard it.
package struct EgressSignal: Hashable, Sendable {
    package enum Kind: UInt8, Hashable, Sendable {
        case heartbeat = 1
        case acknowledgement = 2
    }

    package static let port: UInt16 = 7471
    private static let mark = Array("gbE1".utf8)
    private static let longestName = 253

    package let kind: Kind
    /// Who says it.
    package let node: String
    /// A random number of the process that asked: what others send, or what it sent before, is not taken for an answer.
    package let process: UInt64
    package let sequence: UInt64

    package init(_ kind: Kind, node: String, process: UInt64, sequence: UInt64) {
        self.kind = kind
        self.node = node
        self.process = process
        self.sequence = sequence
    }

    package var bytes: [UInt8] {
        Self.mark + [kind.rawValue] + Self.bytes(process) + Self.bytes(sequence)
            + Array(node.utf8.prefix(Self.longestName))
    }

    /// Nil for what is none.
    package init?(_ bytes: [UInt8]) {
        let start = Self.mark.count
        guard bytes.count > start + 17, bytes.count <= start + 17 + Self.longestName,
            Array(bytes[..<start]) == Self.mark,
            let kind = Kind(rawValue: bytes[start]),
            let name = String(validating: bytes[(start + 17)...], as: UTF8.self)
        else { return nil }
        self.kind = kind
        node = name
        process = Self.number(bytes[(start + 1)..<(start + 9)])
        sequence = Self.number(bytes[(start + 9)..<(start + 17)])
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
