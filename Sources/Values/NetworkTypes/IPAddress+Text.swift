extension IPAddress: CustomStringConvertible {
    /// Parses dotted IPv4 (no leading zeros) or RFC 4291 IPv6, without zone; nil for anything else.
    package init?(_ text: some StringProtocol) {
        if let bits = Self.parseV4(text) {
            self.init(v4: bits)
        } else if text.contains(":"), let bits = Self.parseV6(text) {
            self.init(family: .v6, bits: bits)
        } else {
            return nil
        }
    }

    /// Dotted IPv4, or IPv6 as RFC 5952 writes it.
    package var description: String {
        family == .v4 ? bytes.map(String.init).joined(separator: ".") : descriptionV6
    }

    /// As it stands before a port: IPv6 in brackets (RFC 3986, 3.2.2).
    package var bracketed: String { family == .v4 ? description : "[\(self)]" }

    private static func parseV4(_ text: some StringProtocol) -> UInt32? {
        // Byte by byte, in place: every pod has a few addresses, and pieces of text cost more than all else about it.
        text.utf8.withContiguousStorageIfAvailable { parseV4(bytes: $0) } ?? parseV4(bytes: Array(text.utf8))
    }

    private static func parseV4(bytes: some Sequence<UInt8>) -> UInt32? {
        var bits: UInt32 = 0
        var dots = 0
        var octet: UInt32?
        for byte in bytes {
            switch byte {
            case 48...57:
                let digit = UInt32(byte - 48)
                // No leading zeros.
                guard octet != 0 else { return nil }
                let value = (octet ?? 0) * 10 + digit
                guard value <= 255 else { return nil }
                octet = value
            case 46:
                guard let complete = octet, dots < 3 else { return nil }
                bits = bits << 8 | complete
                dots += 1
                octet = nil
            default: return nil
            }
        }
        guard let last = octet, dots == 3 else { return nil }
        return bits << 8 | last
    }

    private static func parseV6(_ text: some StringProtocol) -> UInt128? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0], mayEndInV4: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 8 ? combine(head) : nil }
        guard let tail = groups(halves[1], mayEndInV4: true), head.count + tail.count <= 7 else { return nil }
        return combine(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: some StringProtocol, mayEndInV4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard mayEndInV4, index == parts.count - 1, let v4 = parseV4(part) else { return nil }
                groups += [UInt16(v4 >> 16), UInt16(v4 & 0xFFFF)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.first != 43, part.utf8.first != 45,
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func combine(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private var descriptionV6: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        if groups[0..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return "::ffff:" + IPAddress(v4: UInt32(truncatingIfNeeded: bits)).description
        }
        guard let zeros = Self.longestZeroRun(groups) else {
            return groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        let head = groups[..<zeros.lowerBound].map { String($0, radix: 16) }.joined(separator: ":")
        let tail = groups[zeros.upperBound...].map { String($0, radix: 16) }.joined(separator: ":")
        return head + "::" + tail
    }

    /// RFC 5952 §4.2: the first of the longest runs, and never a single group.
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start: Int?
        for index in 0...groups.count {
            if index < groups.count, groups[index] == 0 {
                start = start ?? index
            } else if let from = start {
                if index - from >= 2, index - from > best?.count ?? 0 { best = from..<index }
                start = nil
            }
        }
        return best
    }
}

extension IPAddress: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decoder.parsedText("an IP address") { IPAddress($0) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
