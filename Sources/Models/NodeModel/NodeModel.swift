import AddressAllocation
import ClusterAPI
import EgressNames
import EgressSelection
import NetworkTypes
package import PolicyEngine
package import ServiceModel

/// Turns cluster events and local attachments into this node's `NodeState`.
///
/// The state depends on what exists now, never on the order or number of events that led to it. Events only record;
/// `settle` brings the state up to date at the cost of what changed.
package struct NodeModel: Sendable {
    package let nodeName: String
    /// Up to date after `settle`.
    package internal(set) var state = NodeState()
    /// Judges flows with the same knowledge that the state is made of.
    package internal(set) var engine = PolicyEngine(input: .live, tellsAbout: .watchedPods)
    /// Judges them as if staged policies held; no part of `state` is made of it.
    package internal(set) var staging = StagedWorld()
    package internal(set) var services: ServiceModel

    /// Pods of this node outside the host's network, as the API shows them.
    var localObjects: [ObjectKey: Pod] = [:]
    /// Attachments by interface, and the interfaces of a pod.
    var attachments: [String: PodAttachment] = [:]
    var interfaces: [ObjectKey: Set<String>] = [:]
    /// Pods that the API shows but that cannot be attached here.
    var foreignObjects: Set<ObjectKey> = []
    var seenNamespaces: Set<String> = []

    var nodes: [String: Node] = [:]
    var hostSubnets: [String: HostSubnet] = [:]
    var clusterNetwork: ClusterNetwork?
    var underlayMTU: Int
    var nodePortRanges: [CIDR] = []

    /// What was learned of names here, and the staged world's revision that `nameClients` goes by.
    var names = FollowedNames()
    var stagedNamesRevision: UInt64 = 0

    var externalIPs = NodeExternalIPs()
    var hostPorts = HostPortTable()

    var egress = EgressSelection()
    var egressClaims = EgressClaims()

    var dirtyInterfaces: Set<String> = []
    var isTopologyDirty = false
    /// How many local pods have a policy in a direction, and how many of those policies refer to a set.
    var policyUsers: [DirectionPolicy: Int] = [:]
    var setUsers: [PeerSetID: Int] = [:]
    /// The same for rules that deny, or pass to the next tier.
    var denialUsers: [PeerSetID: Int] = [:]

    /// `underlayMTU` is the largest IP packet between nodes, in bytes.
    package init(nodeName: String, underlayMTU: Int = 1500) {
        self.nodeName = nodeName
        self.underlayMTU = underlayMTU
        services = ServiceModel(nodeName: nodeName)
    }

    /// The attachments, by interface.
    package var currentAttachments: [String: PodAttachment] { attachments }

    /// Brings `state` up to date and says what of it changed since the last call.
    package mutating func settle() -> NodeChanges {
        var changes = NodeChanges()
        if isTopologyDirty { changes.topology = refreshTopology() }
        var engineChanges = engine.drainChanges()
        for key in engineChanges.endpoints { dirtyInterfaces.formUnion(interfaces[key] ?? []) }
        refreshMentions(&engineChanges)
        refreshPods(&changes)
        refreshMembers(engineChanges, &changes)
        refreshExternalIPs(isTopologyNew: changes.topology)
        refreshServices(&changes)
        refreshEgress(&changes)
        if engineChanges.diagnosticsChanged {
            let diagnostics = engine.diagnostics
            changes.diagnostics = state.diagnostics != diagnostics
            state.diagnostics = diagnostics
        }
        staging.settle(beside: engine)
        return changes
    }
}
