package import ClusterAPI

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

    /// Forgets which sets differ, for those who ask for verdicts alone; true if `diagnostics` may be others.
    mutating func discardChanges() -> Bool {
        for slot in createdSets { sets[slot]?.isNew = false }
        for slot in changedSets.subtracting(createdSets) { _ = drainMembers(slot) }
        createdSets = []
        changedSets = []
        removedSets = []
        defer { diagnosticsMayDiffer = false }
        return diagnosticsMayDiffer
    }

    /// From now on `drainChanges` tells about this pod too, for an engine that tells about watched pods only.
    package mutating func watch(_ pod: ObjectKey) {
        guard watchedPods.insert(pod).inserted, let slot = podSlots[pod] else { return }
        watchedSlots.insert(slot)
        stalePods.insert(slot)
    }

    /// The opposite; what was told about the pod is forgotten.
    package mutating func unwatch(_ pod: ObjectKey) {
        watchedPods.remove(pod)
        guard audience == .watchedPods else { return }
        departed[pod] = nil
        guard let slot = podSlots[pod] else { return }
        watchedSlots.remove(slot)
        pods[slot]?.told = .open
        stalePods.insert(slot)
    }

    private mutating func drainEndpoints() -> Set<ObjectKey> {
        var changed = Set(departed.keys)
        departed = [:]
        let stale = audience == .everyPod ? stalePods : stalePods.intersection(watchedSlots)
        stalePods.subtract(stale)
        for slot in stale.ascending {
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
        case .addresses, .hosts, .names:
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
