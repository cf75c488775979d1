import PolicyEngine

extension NodeModel {
    mutating func retain(_ policy: EndpointPolicy, _ changes: inout NodeChanges) {
        for direction in [policy.ingress, policy.egress].compactMap(\.self) {
            policyUsers[direction, default: 0] += 1
            guard policyUsers[direction] == 1 else { continue }
            for id in direction.denialSets { denialUsers[id, default: 0] += 1 }
            for id in direction.peerSets {
                setUsers[id, default: 0] += 1
                guard setUsers[id] == 1 else { continue }
                state.peerSets[id] = currentMembers(of: id)
                changes.peerSets.insert(id)
                changes.memberChanges[id] = nil
            }
        }
    }

    mutating func release(_ policy: EndpointPolicy, _ changes: inout NodeChanges) {
        for direction in [policy.ingress, policy.egress].compactMap(\.self) {
            guard let users = policyUsers[direction] else { continue }
            policyUsers[direction] = users > 1 ? users - 1 : nil
            guard users == 1 else { continue }
            for id in direction.denialSets {
                denialUsers[id] = denialUsers[id].flatMap { $0 > 1 ? $0 - 1 : nil }
            }
            for id in direction.peerSets { releaseSet(id, &changes) }
        }
    }

    private mutating func releaseSet(_ id: PeerSetID, _ changes: inout NodeChanges) {
        guard let users = setUsers[id] else { return }
        setUsers[id] = users > 1 ? users - 1 : nil
        guard users == 1 else { return }
        state.peerSets[id] = nil
        changes.peerSets.insert(id)
        changes.memberChanges[id] = nil
    }

    /// Carries the engine's changes over to the sets in use.
    ///
    /// A set that came into use in this very `settle` has been
    /// read with all its members already.
    mutating func refreshMembers(_ engineChanges: EngineChanges, _ changes: inout NodeChanges) {
        for id in engineChanges.createdSets where setUsers[id] != nil && !changes.peerSets.contains(id) {
            let members = currentMembers(of: id)
            guard state.peerSets[id] != members else { continue }
            state.peerSets[id] = members
            changes.peerSets.insert(id)
        }
        for (id, change) in engineChanges.memberChanges where setUsers[id] != nil && !changes.peerSets.contains(id) {
            guard state.peerSets[id]?.apply(change) == true else {
                state.peerSets[id] = currentMembers(of: id)
                changes.peerSets.insert(id)
                continue
            }
            changes.peerSets.insert(id)
            changes.memberChanges[id] = change
            // Names are passed on to tiers that were asked already, or denied what is open now: no more is denied by another.
            if denialUsers[id] != nil, id.kind != .names, !change.added.isEmpty { changes.joinsDenial = true }
        }
    }

    private func currentMembers(of id: PeerSetID) -> PeerSetMembers {
        if let members = engine.members(of: id) { return members }
        return switch id.kind {
        case .addresses, .hosts, .names: .addresses([])
        case .networks: .networks([])
        case .ports: .ports([])
        }
    }
}

extension DirectionPolicy {
    /// The sets whose members a rule denies, or leaves to the next tier.
    fileprivate var denialSets: Set<PeerSetID> {
        var sets: Set<PeerSetID> = []
        for rule in rules where rule.action != .allow {
            if case .sets(let ids) = rule.peers { sets.formUnion(ids) }
        }
        return sets
    }
}

extension PeerSetMembers {
    /// Adds and removes in place; false, with nothing done, for networks, which have to be read again as a whole.
    fileprivate mutating func apply(_ change: PeerSetChange) -> Bool {
        switch (self, change.added, change.removed) {
        case (.addresses(var members), .addresses(let added), .addresses(let removed)):
            self = .addresses([])
            members.subtract(removed)
            members.formUnion(added)
            self = .addresses(members)
            return true
        case (.ports(var members), .ports(let added), .ports(let removed)):
            self = .ports([])
            members.subtract(removed)
            members.formUnion(added)
            self = .ports(members)
            return true
        default:
            return false
        }
    }
}
