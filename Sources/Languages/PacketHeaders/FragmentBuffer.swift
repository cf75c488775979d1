import NetworkTypes

/// Puts datagrams together whose fragments come one by one.
///
/// Bounded in number, in bytes and in time; a datagram whose fragments overlap is given up (RFC 5722).
package struct FragmentBuffer: Sendable {
    private struct Key: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let ipProtocol: UInt8
        let id: UInt32
    }

    fileprivate struct Pending {
        var parts: [Int: ArraySlice<UInt8>] = [:]
        var packets: [[UInt8]] = []
        var end: Int?
        let since: UInt64
    }

    /// A datagram, and the packets that it came in.
    package struct Whole: Hashable, Sendable {
        package let payload: ArraySlice<UInt8>
        package let packets: [[UInt8]]
    }

    private static let longestDatagram = 65_535
    private static let mostParts = 64
    private let limit: Int
    private let patience: UInt64
    private var pending: [Key: Pending] = [:]

    /// - Parameters:
    ///   - limit: how many datagrams may be incomplete.
    ///   - patience: for how many seconds.
    package init(limit: Int = 256, patience: UInt64 = 10) {
        self.limit = limit
        self.patience = patience
    }

    package var count: Int { pending.count }

    /// The datagram that this fragment completes; nil while others are missing, and for what is given up.
    package mutating func take(_ packet: IPPacket, _ bytes: [UInt8], at now: UInt64) -> Whole? {
        guard let fragment = packet.fragment else { return Whole(payload: packet.payload, packets: [bytes]) }
        let key = Key(
            source: packet.source, destination: packet.destination, ipProtocol: packet.ipProtocol, id: fragment.id)
        if pending[key] == nil {
            if pending.count >= limit { giveUp(before: now) }
            guard pending.count < limit else { return nil }
        }
        var entry = pending.removeValue(forKey: key) ?? Pending(since: now)
        let end = fragment.offset + packet.payload.count
        guard end <= Self.longestDatagram, entry.parts.count < Self.mostParts, !packet.payload.isEmpty,
            entry.parts[fragment.offset] == nil
        else { return nil }
        entry.parts[fragment.offset] = packet.payload
        entry.packets.append(bytes)
        if !fragment.hasMore { entry.end = end }
        if let whole = entry.whole { return whole }
        pending[key] = entry
        return nil
    }

    /// Forgets what has not become whole in time.
    package mutating func giveUp(before now: UInt64) {
        pending = pending.filter { $0.value.since + patience > now }
    }
}

extension FragmentBuffer.Pending {
    /// Nil while a part is missing, and when parts overlap.
    fileprivate var whole: FragmentBuffer.Whole? {
        guard let end else { return nil }
        var payload: ArraySlice<UInt8> = []
        for (offset, part) in parts.sorted(by: { $0.key < $1.key }) {
            guard offset == payload.count else { return nil }
            payload += part
        }
        return payload.count == end ? FragmentBuffer.Whole(payload: payload, packets: packets) : nil
    }
}
