package import NetworkTypes
package import PolicyEngine
package import ServiceModel

/// What may differ between two moments of a `NodeState`; what is not named here is equal.
package struct NodeChanges: Hashable, Sendable {
    /// Interfaces whose `LocalPod` appeared, went or changed.
    package var pods: Set<String> = []
    /// Sets that appeared, went or whose members changed.
    package var peerSets: Set<PeerSetID> = []
    /// Members that came and went, for those of `peerSets` that existed before and exist now and whose change is known
    /// member by member.
    package var memberChanges: [PeerSetID: PeerSetChange] = [:]
    /// A set that a rule other than an allowing one refers to gained a member: what was allowed to it may be denied now.
    package var joinsDenial = false
    /// Frontends of services that appeared, went or lead elsewhere now.
    package var services: Set<ServiceFrontend> = []
    /// Addresses of selected pods of this node whose way out of the cluster appeared, went or changed.
    package var egressWays: Set<IPAddress> = []
    /// Addresses of pods whose source address outside, as far as this node holds it, appeared, went or changed.
    package var egressTranslations: Set<IPAddress> = []
    /// An open connection may lead out of the cluster with an address, or by a node, that it no longer has.
    package var strandsEgress = false
    /// The node, other nodes, ranges or the overlay's port changed.
    package var topology = false
    package var diagnostics = false

    package init() {}

    package var isEmpty: Bool { self == NodeChanges() }

    /// True if a connection that was allowed may be denied now.
    ///
    /// Members that only came deny nothing where a set is allowed, and much where it is denied, or passed on to the next tier.
    package var mayDeny: Bool {
        topology || joinsDenial || !pods.isEmpty
            || peerSets.contains { set in memberChanges[set].map { !$0.removed.isEmpty } ?? true }
    }

    /// Adds what changed after this.
    package mutating func formUnion(_ later: NodeChanges) {
        for set in later.peerSets {
            // Two changes of one set in a row: it is read again as a whole.
            memberChanges[set] = peerSets.contains(set) ? nil : later.memberChanges[set]
        }
        peerSets.formUnion(later.peerSets)
        pods.formUnion(later.pods)
        joinsDenial = joinsDenial || later.joinsDenial
        services.formUnion(later.services)
        egressWays.formUnion(later.egressWays)
        egressTranslations.formUnion(later.egressTranslations)
        strandsEgress = strandsEgress || later.strandsEgress
        topology = topology || later.topology
        diagnostics = diagnostics || later.diagnostics
    }
}
