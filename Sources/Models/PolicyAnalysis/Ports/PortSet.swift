package import NetworkTypes

/// A set of ports over all protocols; ICMP, which has none, is in it or not.
package struct PortSet: Hashable, Sendable {
    /// Disjoint, ascending, never adjacent; no entry for a protocol without ports in the set.
    private var ranges: [TransportProtocol: [PortRange]] = [:]
    package private(set) var hasICMP = false

    package static let protocols: [TransportProtocol] = [.tcp, .udp, .sctp]
    /// Port 0 is none that a connection can have.
    package static let everyPort = PortRange(1, through: .max) ?? .all

    package static let none = PortSet()
    package static let icmp: PortSet = {
        var set = PortSet()
        set.hasICMP = true
        return set
    }()
    package static let all = protocols.reduce(icmp) { $0.union(PortSet($1, everyPort)) }

    private init() {}

    /// The ports of a range; of `.icmp` the protocol itself.
    package init(_ transport: TransportProtocol, _ range: PortRange) {
        guard transport.hasPorts else {
            hasICMP = true
            return
        }
        if let range = PortRange(max(range.first, 1), through: range.last) { ranges[transport] = [range] }
    }

    package var isEmpty: Bool { ranges.isEmpty && !hasICMP }
    package var isAll: Bool { self == .all }

    /// The disjoint ranges of a protocol, ascending.
    package func ranges(of transport: TransportProtocol) -> [PortRange] { ranges[transport] ?? [] }

    package func contains(_ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        guard transport.hasPorts else { return hasICMP }
        guard let port else { return false }
        return ranges(of: transport).contains { $0.contains(port) }
    }

    package func union(_ other: PortSet) -> PortSet {
        var result = self
        result.hasICMP = hasICMP || other.hasICMP
        for (transport, added) in other.ranges {
            result.ranges[transport] = Self.joined((ranges[transport] ?? []) + added)
        }
        return result
    }

    package func subtracting(_ other: PortSet) -> PortSet {
        var result = PortSet()
        result.hasICMP = hasICMP && !other.hasICMP
        for (transport, own) in ranges {
            let left = other.ranges(of: transport).reduce(own) { pieces, hole in
                pieces.flatMap { Self.subtract(hole, from: $0) }
            }
            if !left.isEmpty { result.ranges[transport] = left }
        }
        return result
    }

    package func intersection(_ other: PortSet) -> PortSet { subtracting(subtracting(other)) }

    private static func joined(_ pieces: [PortRange]) -> [PortRange] {
        var result: [PortRange] = []
        for piece in pieces.sorted() {
            if let last = result.last, Int(piece.first) <= Int(last.last) + 1 {
                result[result.count - 1] = PortRange(last.first, through: max(last.last, piece.last)) ?? last
            } else {
                result.append(piece)
            }
        }
        return result
    }

    private static func subtract(_ hole: PortRange, from piece: PortRange) -> [PortRange] {
        guard hole.overlaps(piece) else { return [piece] }
        var left: [PortRange] = []
        if piece.first < hole.first, let below = PortRange(piece.first, through: hole.first - 1) { left.append(below) }
        if piece.last > hole.last, let above = PortRange(hole.last + 1, through: piece.last) { left.append(above) }
        return left
    }
}

extension PortSet: CustomStringConvertible {
    /// `TCP 80,443; UDP 53`, `all but TCP 25`, `all ports`, `nothing`.
    package var description: String {
        if isEmpty { return "nothing" }
        if isAll { return "all ports" }
        let plain = listed
        let inverted = "all but " + Self.all.subtracting(self).listed
        return inverted.utf8.count < plain.utf8.count ? inverted : plain
    }

    private var listed: String {
        var words = Self.protocols.compactMap { transport -> String? in
            guard let own = ranges[transport] else { return nil }
            if own == [Self.everyPort] { return transport.rawValue }
            return "\(transport.rawValue) \(own.map(\.description).joined(separator: ","))"
        }
        if hasICMP { words.append("ICMP") }
        return words.joined(separator: "; ")
    }
}
