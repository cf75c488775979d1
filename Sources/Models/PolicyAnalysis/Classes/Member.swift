package import ClusterAPI
package import NetworkTypes
package import PolicyEngine

/// One end that a matrix speaks about.
package struct Member: Hashable, Sendable {
    package let party: Party
    /// The blocks for an end outside of the cluster; empty for everywhere that no rule names, nil for all other ends.
    package let blocks: [CIDR]?
    /// The names of hosts outside that policies tell from others by their names; nil for all other ends.
    package let name: OutsideName?
    /// The node that a pod runs on, or that a node is.
    package let node: String

    init(_ party: Party, blocks: [CIDR]? = nil, name: OutsideName? = nil, node: String = "") {
        self.party = party
        self.blocks = blocks
        self.name = name
        self.node = node
    }

    package var isOutside: Bool { blocks != nil || name != nil }

    package var pod: ObjectKey? {
        guard case .pod(let key) = party else { return nil }
        return key
    }
}

/// Ends that no policy can tell apart.
package struct EndpointClass: Sendable {
    package enum Kind: String, Hashable, Sendable {
        case pods
        /// Nodes, and pods on their host network.
        case nodes
        case outside
        /// Pods that have ended or lost their address: nothing reaches them, and they reach nothing.
        case unreachable
    }

    package let kind: Kind
    package let profile: PartyProfile
    /// Sorted by name; never empty.
    package let members: [Member]
}
