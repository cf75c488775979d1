package import NetworkTypes

/// One rule: what becomes of traffic whose other end is among `peers` and whose port is among `ports`.
package struct ResolvedRule: Hashable, Sendable {
    package let id: RuleID
    package let action: RuleAction
    package let peers: Peers
    package let ports: Ports

    package init(id: RuleID, action: RuleAction = .allow, peers: Peers, ports: Ports) {
        self.id = id
        self.action = action
        self.peers = peers
        self.ports = ports
    }

    package enum Peers: Hashable, Sendable {
        case everyone
        /// Any of these sets; never empty.
        case sets([PeerSetID])
    }

    package enum Ports: Hashable, Sendable {
        /// Every protocol and port, ICMP included.
        case all
        /// Any of these; never empty.
        case ports([PortMatch])
        /// The port is part of the element: all of the rule's `peers` are sets of kind `.ports`.
        case ofPeers
    }
}

/// What a rule does with the traffic that it matches.
package enum RuleAction: String, Hashable, Sendable {
    /// Allowed in this direction, whatever later tiers say.
    case allow
    case deny
    /// The rest of the tier is skipped, and the next tier is asked.
    case pass
}

/// Ports of one protocol; `PortRange.all` where the policy names no port.
package struct PortMatch: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let transport: TransportProtocol
    package let range: PortRange

    package init(_ transport: TransportProtocol, _ range: PortRange) {
        self.transport = transport
        self.range = range
    }

    package var description: String { range == .all ? transport.rawValue : "\(transport.rawValue) \(range)" }

    package static func < (left: PortMatch, right: PortMatch) -> Bool {
        (left.transport, left.range) < (right.transport, right.range)
    }
}
