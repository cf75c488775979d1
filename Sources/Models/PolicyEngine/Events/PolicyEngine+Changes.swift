import ClusterAPI

extension PolicyEngine {
    /// What differs from the moment of the last call (from an empty engine at the first).
    package mutating func drainChanges() -> EngineChanges {
        var changes = EngineChanges()
        changes.endpoints = drainEndpoints()
        for slot in createdSets {
            guard let id = sets[slot]?.id else { continue }
            changes.createdSets.insert(id)
            sets[slot]?.isNew = false
        }
        changes.removedSets = removedSets.subtracting(changes.createdSets)
        for slot in changedSets.subtracting(createdSets) {
            if let (id, change) = drainMembers(slot) { changes.memberChanges[id] = change }
        }
        createdSets = []
        changedSets = []
        removedSets = []
        if diagnosticsMayDiffer {
            let now = diagnostics
            changes.diagnosticsChanged = now != toldDiagnostics
            toldDiagnostics = now
            diagnosticsMayDiffer = false
        }
        return changes
    }

    private mutating func drainEndpoints() -> Set<ObjectKey> {
        var changed = Set(departed.keys)
        departed = [:]
        let stale = stalePods
        stalePods = []
        for slot in stale {
            guard let record = pods[slot] else { continue }
            let now = resolve(record)
            if now == record.told { continue }
            changed.insert(record.facts.key)
            pods[slot]?.told = now
        }
        return changed
    }

    private mutating func drainMembers(_ slot: Int) -> (PeerSetID, PeerSetChange)? {
        guard let record = sets[slot] else { return nil }
        sets[slot]?.changedAddresses = SetDelta()
        sets[slot]?.changedPorts = SetDelta()
        switch record.id.kind {
        case .networks: return nil
        case .addresses:
            let delta = record.changedAddresses
            if delta.isEmpty { return nil }
            return (record.id, PeerSetChange(added: .addresses(delta.added), removed: .addresses(delta.removed)))
        case .ports:
            let delta = record.changedPorts
            if delta.isEmpty { return nil }
            return (record.id, PeerSetChange(added: .ports(delta.added), removed: .ports(delta.removed)))
        }
    }
}
