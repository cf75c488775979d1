package import NetworkTypes

/// All that a verdict can depend on at one end of a flow, apart from which end the other one is.
///
/// Ends with equal profiles are told apart by no policy; whether the two ends are one pod, or a pod and its own node, is
/// asked beside it. Profiles can be compared only if one engine made them at one moment.
package struct PartyProfile: Hashable, Sendable {
    package enum Standing: Hashable, Sendable {
        case pod
        /// A node, or a pod on its host network.
        case node
        case external
        /// A pod that has ended or lost its address.
        case unreachable
    }

    /// What rules see that name this end as a peer.
    package struct Peer: Hashable, Sendable {
        package let standing: Standing
        /// The first address of each family in the end's order; empty for a pod that has none yet.
        package let addresses: [Address]
        /// The selector sets that it is a member of.
        let sets: [Int]
        /// Its numbers for the named ports that egress rules mention.
        let namedPorts: [NamedPort: [UInt16]]

        /// The ports that egress rules may mean by a name.
        package var namedPortMatches: Set<PortMatch> {
            Set(namedPorts.flatMap { name, ports in ports.map { PortMatch(name.transport, PortRange($0)) } })
        }
    }

    package struct Address: Hashable, Sendable {
        package let family: IPAddress.Family
        /// The sets of networks that cover it, and the sets of nodes that have it.
        let sets: [Int]
        /// Whether it is one of the cloud's metadata.
        let isMetadata: Bool
    }

    package let peer: Peer
    /// What policies say about its own traffic.
    package let policy: EndpointPolicy
}
