/// An IP protocol that policy can name.
///
/// ICMP stands for ICMPv6 too.
package enum TransportProtocol: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case tcp = "TCP"
    case udp = "UDP"
    case sctp = "SCTP"
    case icmp = "ICMP"

    /// Parses a protocol name in any case; `ICMPv6` is read as ICMP.
    ///
    /// Nil for others.
    package init?(parsing text: some StringProtocol) {
        switch text.uppercased() {
        case "ICMPV6": self = .icmp
        case let name: self.init(rawValue: name)
        }
    }

    /// True for protocols with a destination port.
    package var hasPorts: Bool { self != .icmp }

    /// The protocol number in the IP header (IANA) for a family.
    package func number(_ family: IPAddress.Family) -> UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        case .icmp: family == .v4 ? 1 : 58
        }
    }

    package static func < (left: TransportProtocol, right: TransportProtocol) -> Bool {
        left.rawValue < right.rawValue
    }
}
