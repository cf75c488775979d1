package import NetworkTypes

/// One rule: what becomes of traffic whose other end is among `peers` and whose port is among `ports`.
///
/// Equal by content. The content is shared and hashed once: a rule is in the lists of all pods that its policy selects.
package struct ResolvedRule: Hashable, Sendable {
    private let content: Content

    package init(id: RuleID, action: RuleAction = .allow, peers: Peers, ports: Ports) {
        content = Content(id: id, action: action, peers: peers, ports: ports)
    }

    package var id: RuleID { content.id }
    package var action: RuleAction { content.action }
    package var peers: Peers { content.peers }
    package var ports: Ports { content.ports }

    package static func == (left: ResolvedRule, right: ResolvedRule) -> Bool {
        if left.content === right.content { return true }
        return left.content.digest == right.content.digest && left.id == right.id && left.action == right.action
            && left.ports == right.ports && left.peers == right.peers
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(content.digest) }

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

    private final class Content: Sendable {
        let id: RuleID
        let action: RuleAction
        let peers: Peers
        let ports: Ports
        /// A hash of some of the rest, valid within this process.
        let digest: Int

        init(id: RuleID, action: RuleAction, peers: Peers, ports: Ports) {
            self.id = id
            self.action = action
            self.peers = peers
            self.ports = ports
            var hasher = Hasher()
            // Enough to tell versions of a rule apart in most cases; the peers' long names are not worth it.
            hasher.combine(id)
            hasher.combine(action)
            hasher.combine(ports)
            digest = hasher.finalize()
        }
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
