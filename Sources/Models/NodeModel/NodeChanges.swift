package import PolicyEngine

/// What may differ between two moments of a `NodeState`; what is not named here is equal.
package struct NodeChanges: Hashable, Sendable {
    /// Interfaces whose `LocalPod` appeared, went or changed.
    package var pods: Set<String> = []
    /// Sets that appeared, went or whose members changed.
    package var peerSets: Set<PeerSetID> = []
    /// Members that came and went, for those of `peerSets` that existed before and exist now and whose change is known
    /// member by member.
    package var memberChanges: [PeerSetID: PeerSetChange] = [:]
    /// The node, other nodes, ranges or the overlay's port changed.
    package var topology = false
    package var diagnostics = false

    package init() {}

    package var isEmpty: Bool { self == NodeChanges() }

    /// True if a connection that was allowed may be denied now: every change but the one of diagnostics.
    package var concernsVerdicts: Bool { !pods.isEmpty || !peerSets.isEmpty || topology }
}
