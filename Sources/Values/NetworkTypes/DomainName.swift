/// A name of the domain name system (RFC 1035): labels of any bytes, the most specific first.
///
/// Keeps its letters' case and compares without it (RFC 4343).
package struct DomainName: Sendable {
    /// Each label after its length, without the root's empty label: at most 254 bytes.
    package let octets: [UInt8]

    private static let longestLabel = 63
    private static let longestName = 254

    /// The name of the root.
    package static let root = DomainName(unchecked: [])

    private init(unchecked octets: [UInt8]) { self.octets = octets }

    /// A name of labels; nil if one is empty or longer than 63 bytes, or all together are too long.
    package init?(labels: some Sequence<some Collection<UInt8>>) {
        var octets: [UInt8] = []
        for label in labels {
            guard (1...Self.longestLabel).contains(label.count) else { return nil }
            octets.append(UInt8(label.count))
            octets += label
        }
        guard octets.count <= Self.longestName else { return nil }
        self.octets = octets
    }

    /// The same name with a label before it; nil if that makes no name.
    package func prepending(_ label: some StringProtocol) -> DomainName? {
        let bytes = label.utf8
        guard (1...Self.longestLabel).contains(bytes.count), octets.count + bytes.count < Self.longestName else {
            return nil
        }
        return DomainName(unchecked: [UInt8(bytes.count)] + bytes + octets)
    }

    package var isRoot: Bool { octets.isEmpty }

    package var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var place = 0
        while place < octets.count {
            let end = place + 1 + Int(octets[place])
            labels.append(octets[place + 1..<end])
            place = end
        }
        return labels
    }

    /// The name without its first label; nil for the root.
    package var parent: DomainName? {
        octets.first.map { DomainName(unchecked: Array(octets[(Int($0) + 1)...])) }
    }

    /// True for the domain itself too.
    package func isWithin(_ domain: DomainName) -> Bool {
        let start = octets.count - domain.octets.count
        guard start >= 0 else { return false }
        var place = 0
        // A label's bytes may look like the domain: it must begin where a label does.
        while place < start { place += Int(octets[place]) + 1 }
        return place == start && Self.areEqual(octets[start...], domain.octets[...])
    }

    private static func fold(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }

    // Lengths are below 64, so that they fold to themselves.
    private static func areEqual(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || fold($0) == fold($1) }
    }
}

extension DomainName: Hashable {
    package static func == (left: DomainName, right: DomainName) -> Bool {
        areEqual(left.octets[...], right.octets[...])
    }

    package func hash(into hasher: inout Hasher) {
        // In one piece: a call for each byte costs more than all else.
        octets.map(Self.fold).withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
