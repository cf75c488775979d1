import CLinux
import LinkState
import LinuxSystem
import NetworkTypes
import Synchronization

/// What others change of a namespace's addresses, and of our routes, rules, neighbours and links.
///
/// Not all is told: the kernel is silent about settings, and about IPv4 routes and neighbours that go when a link goes down,
/// which is why links that come up again count.
package final class ForeignRoutingChanges: Sendable {
    private static let groups = [
        RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
        RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_NEIGH,
    ]

    private let links: Set<String>
    private let ownPort: UInt32
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let socket: NetlinkSocket
        var outages: LinkOutages
    }

    /// Listens from now on.
    ///
    /// - Parameters:
    ///   - routing: what makes our changes, in the same namespace.
    ///   - links: whose removal counts, and whose going down.
    package init(beside routing: Rtnetlink, links: Set<String>) throws {
        self.links = links
        ownPort = try routing.socket.withLock { socket in try socket.port }
        let listening = try NetlinkSocket(.route, in: routing.namespace)
        try listening.join(Self.groups.map { UInt32($0.rawValue) })
        state = Mutex(State(socket: listening, outages: LinkOutages(restored: links)))
    }

    /// Whether there were any since the last call; true too when some of what the kernel told is lost.
    package func haveComeUp() throws -> Bool {
        try state.withLock { state in
            guard let messages = try state.socket.notifications() else { return true }
            // All are read: what is down is remembered.
            return messages.count { counts($0, &state.outages) } > 0
        }
    }

    private func counts(_ message: NetlinkReply, _ outages: inout LinkOutages) -> Bool {
        let payload = message.payload
        switch Int(message.type) {
        case Int(RTM_NEWADDR), Int(RTM_DELADDR):
            let attributes = payload.attributes(after: ifaddrmsg.self)
            let address = (attributes[IFA_LOCAL] ?? attributes[IFA_ADDRESS])?.address
            return message.sender != ownPort && address.map { !$0.isLinkLocal && !$0.isLoopback } ?? false
        case Int(RTM_DELROUTE):
            // Those that go with their interface have no sender: who removed a pod's interface knows.
            return message.sender != ownPort && message.sender != 0
                && payload.structure(rtmsg.self)?.rtm_protocol == LinkState.protocolNumber
        case Int(RTM_DELRULE):
            let attributes = payload.attributes(after: fib_rule_hdr.self)
            return message.sender != ownPort
                && attributes[FRA_PROTOCOL]?.number(UInt8.self) == LinkState.protocolNumber
        case Int(RTM_NEWNEIGH), Int(RTM_DELNEIGH):
            // Who removes one makes it fail first: only that news has a sender. Forwarding entries have no protocol.
            let attributes = payload.attributes(after: ndmsg.self)
            return message.sender != ownPort && message.sender != 0
                && attributes[NDA_PROTOCOL]?.number(UInt8.self) == LinkState.protocolNumber
        case Int(RTM_NEWLINK): return outages.counts(message, isOwn: message.sender == ownPort)
        case Int(RTM_DELLINK):
            _ = outages.counts(message, isOwn: message.sender == ownPort)
            let name = payload.attributes(after: ifinfomsg.self)[IFLA_IFNAME]?.text
            return message.sender != ownPort && name.map(links.contains) ?? false
        default: return false
        }
    }
}
