package import ClusterAPI
package import EgressNames
package import NetworkTypes
package import PolicyEngine
package import ServiceModel

/// Everything that one node's datapath depends on, as a value: equal states compile to equal rules and links.
package struct NodeState: Hashable, Sendable {
    /// This node; nil until its addresses and its subnets are known.
    package var node: NodeNetwork?
    /// The other nodes, ascending by name.
    package var remoteNodes: [RemoteNode] = []
    /// The ranges that all pods of the cluster take their addresses from, sorted.
    package var clusterRanges: [CIDR] = []
    /// The ranges that services take their addresses from, sorted.
    package var serviceRanges: [CIDR] = []
    /// Of nodes' addresses, those at which node ports are served; empty: all.
    package var nodePortRanges: [CIDR] = []
    /// Where new connections to services go from here.
    package var services: [ServiceFrontend: ServiceTarget] = [:]
    /// The UDP port of the overlay.
    package var vxlanPort: UInt16 = 4789
    /// The attachments of this node by the name of their interface.
    package var pods: [String: LocalPod] = [:]
    /// The members of exactly those sets that the local pods' policies refer to.
    package var peerSets: [PeerSetID: PeerSetMembers] = [:]
    /// The names that the egress rules of local pods mention, those of staged policies too.
    package var mentions: [ObjectKey: Set<NameSelector>] = [:]
    /// With which source addresses pods leave the cluster.
    package var egress = EgressState()
    /// Policies of which a part cannot be interpreted, sorted.
    package var diagnostics: [PolicyDiagnostic] = []
    /// Objects of the network's description that cannot be read and are left out, sorted; each names object and reason.
    package var problems: [String] = []

    package init() {}
}
