package import ClusterAPI

/// What differs between two moments of an engine.
///
/// What changed and changed back in between is not in it.
package struct EngineChanges: Hashable, Sendable {
    /// Pods whose `EndpointPolicy` is another; a pod that is not there counts as one with `.open`.
    package var endpoints: Set<ObjectKey> = []
    /// Sets that are new: read all of their members; anything known under the id before is void.
    package var createdSets: Set<PeerSetID> = []
    /// Sets that no policy refers to any more.
    package var removedSets: Set<PeerSetID> = []
    /// Changed members of the sets that existed before and exist now.
    package var memberChanges: [PeerSetID: PeerSetChange] = [:]
    /// True if `PolicyEngine.diagnostics` is another.
    package var diagnosticsChanged = false

    package init() {}

    package var isEmpty: Bool { self == EngineChanges() }
}

/// Disjoint; both of the case that the set's kind asks for.
package struct PeerSetChange: Hashable, Sendable {
    package let added: PeerSetMembers
    package let removed: PeerSetMembers

    package init(added: PeerSetMembers, removed: PeerSetMembers) {
        self.added = added
        self.removed = removed
    }
}
