package import ClusterAPI

extension PolicyEngine {
    package mutating func upsert(_ policy: NetworkPolicy) {
        put(PolicyReference(.networkPolicy, policy.key), .networkPolicy(policy.spec)) { _ in CompiledPolicy(policy) }
    }

    package mutating func upsert(_ policy: AdminNetworkPolicy) {
        put(PolicyReference(.adminNetworkPolicy, policy.key), .admin(policy.spec)) {
            CompiledPolicy(ClusterPolicyForm(policy), $0)
        }
    }

    /// Only the one named `default` has rules.
    package mutating func upsert(_ policy: BaselineAdminNetworkPolicy) {
        put(PolicyReference(.baselineAdminNetworkPolicy, policy.key), .admin(policy.spec)) {
            CompiledPolicy(ClusterPolicyForm(policy), $0)
        }
    }

    package mutating func upsert(_ policy: ClusterNetworkPolicy) {
        put(PolicyReference(.clusterNetworkPolicy, policy.key), .cluster(policy.spec)) {
            CompiledPolicy(ClusterPolicyForm(policy), $0)
        }
    }

    package mutating func removeNetworkPolicy(_ key: ObjectKey) { remove(PolicyReference(.networkPolicy, key)) }

    package mutating func removeAdminNetworkPolicy(_ name: String) { remove(.adminNetworkPolicy, name) }

    package mutating func removeBaselineAdminNetworkPolicy(_ name: String) { remove(.baselineAdminNetworkPolicy, name) }

    package mutating func removeClusterNetworkPolicy(_ name: String) { remove(.clusterNetworkPolicy, name) }

    private mutating func remove(_ kind: PolicyKind, _ name: String) {
        remove(PolicyReference(kind, ObjectKey(namespace: "", name: name)))
    }

    mutating func put(
        _ reference: PolicyReference, _ source: PolicySource, _ compile: (Input) -> CompiledPolicy
    ) {
        let oldSlot = policySlots[reference]
        if let oldSlot, policies[oldSlot]?.source == source { return }
        if reference.kind.isOfOneNamespace { makeNamespace(reference.key.namespace) }
        policySlots[reference] = put(oldSlot, source, compile(input))
    }

    /// Puts a policy into a slot, or in the place of what is there; returns the slot.
    mutating func put(_ oldSlot: Int?, _ source: PolicySource, _ compiled: CompiledPolicy) -> Int {
        let old = oldSlot.flatMap { policies[$0] }
        // New references first: a set or scope that the old and the new version share must not go and come.
        let record = record(source, compiled, selected: old?.selected ?? [])
        if record.diagnostics != old?.diagnostics ?? [] || !isEnforced(record.place.tier) {
            diagnosticsMayDiffer = true
        }
        let slot: Int
        if let oldSlot {
            slot = oldSlot
            policies[slot] = record
        } else {
            slot = policies.insert(record)
        }
        move(record.reference, from: old?.place, to: record.place)
        if old?.subject != record.subject {
            enter(slot, record.subject)
            if let old { leave(slot, old.subject, keeping: record.subject) }
            reselect(slot)
        } else {
            stalePods.formUnion(record.selected)
        }
        if let old { release(old) }
        return slot
    }

    mutating func remove(_ reference: PolicyReference) {
        guard let slot = policySlots.removeValue(forKey: reference) else { return }
        remove(slot)
        if reference.kind.isOfOneNamespace { forgetNamespaceIfEmpty(reference.key.namespace) }
    }

    /// Takes a policy out of its slot.
    mutating func remove(_ slot: Int) {
        guard let record = policies[slot] else { return }
        for pod in record.selected { deselect(slot, from: pod) }
        stalePods.formUnion(record.selected)
        leave(slot, record.subject, keeping: nil)
        move(record.reference, from: record.place, to: nil)
        if !record.diagnostics.isEmpty || !isEnforced(record.place.tier) { diagnosticsMayDiffer = true }
        policies.remove(slot)
        release(record)
    }

    private mutating func record(_ source: PolicySource, _ compiled: CompiledPolicy, selected: Set<Int>) -> PolicyRecord
    {
        lastGeneration += 1
        return PolicyRecord(
            source: source, generation: lastGeneration, place: compiled.place, subject: compiled.subject,
            ingress: compiled.ingress.map { rules in rules.map { acquire($0) } },
            egress: compiled.egress.map { rules in rules.map { acquire($0) } },
            ingressNames: Set((compiled.ingress ?? []).flatMap(\.ports.named)).sorted(),
            diagnostics: compiled.diagnostics, selected: selected)
    }

    private mutating func acquire(_ rule: CompiledRule) -> RuleRecord {
        let peers = rule.peers.map { peers in peers.map { acquire($0) } }
        let namedSets = rule.namedSets.map { acquire($0) }
        return RuleRecord(
            index: rule.index, name: rule.name, action: rule.action, peers: peers, ports: rule.ports,
            namedSets: namedSets, peerIDs: peers.map { ids($0) }, namedIDs: ids(namedSets), zone: rule.zone)
    }

    private func ids(_ slots: [Int]) -> [PeerSetID] { slots.compactMap { sets[$0]?.id }.sorted() }

    private mutating func release(_ policy: PolicyRecord) {
        for set in policy.setReferences { release(set) }
    }
}
