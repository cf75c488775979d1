package import ClusterAPI
package import NetworkTypes

/// What decides where egress addresses are to be.
package struct EgressSituation: Sendable {
    package var nodes: [Node]
    package var hostSubnets: [HostSubnet]
    package var netNamespaces: [NetNamespace]
    package var egressIPs: [EgressIP]
    package var zones: [Zone]
    package var egressNodes: [EgressNode]
    /// Nodes that cannot hold anything now, or could not a moment ago, with the reason.
    package var lost: [String: String]
    /// Ranges whose addresses are pods' and services'.
    package var clusterRanges: [CIDR]
    /// Addresses that are somebody's already, with the words for it.
    package var taken: [IPAddress: String]
    /// Networks of which others are given addresses, likewise.
    package var takenRanges: [(range: CIDR, words: String)]

    package init(
        nodes: [Node] = [], hostSubnets: [HostSubnet] = [], netNamespaces: [NetNamespace] = [],
        egressIPs: [EgressIP] = [], zones: [Zone] = [], egressNodes: [EgressNode] = [], lost: [String: String] = [:],
        clusterRanges: [CIDR] = [], taken: [IPAddress: String] = [:],
        takenRanges: [(range: CIDR, words: String)] = []
    ) {
        self.nodes = nodes
        self.hostSubnets = hostSubnets
        self.netNamespaces = netNamespaces
        self.egressIPs = egressIPs
        self.zones = zones
        self.egressNodes = egressNodes
        self.lost = lost
        self.clusterRanges = clusterRanges
        self.taken = taken
        self.takenRanges = takenRanges
    }

    /// True if anybody asks for egress addresses.
    package var isAsked: Bool {
        !egressIPs.isEmpty || zones.contains { $0.spec?.egress != nil }
            || netNamespaces.contains { !($0.egressIPs ?? []).isEmpty }
            || hostSubnets.contains { !($0.egressIPs ?? []).isEmpty || !($0.egressCIDRs ?? []).isEmpty }
    }
}

/// Who asks for an address: the pods of a namespace, those that an EgressIP selects, or those of a zone.
package enum EgressAsker: Hashable, Comparable, Sendable, CustomStringConvertible {
    case namespace(String)
    case object(String)
    case zone(String)
    case hostSubnet(String)

    package var description: String {
        switch self {
        case .namespace(let name): "namespace \(name)"
        case .object(let name): "EgressIP \(name)"
        case .zone(let name): "Zone \(name)"
        case .hostSubnet(let name): "HostSubnet \(name)"
        }
    }
}

/// Why an address is at no node, or not where somebody asked.
package struct EgressProblem: Hashable, Comparable, Sendable {
    package let asker: EgressAsker
    /// As it is written.
    package let address: String
    package let message: String

    package static func < (left: Self, right: Self) -> Bool {
        (left.asker, left.address, left.message) < (right.asker, right.address, right.message)
    }
}
