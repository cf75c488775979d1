package import ClusterAPI

extension PolicyEngine {
    package mutating func upsert(_ policy: NetworkPolicy) {
        let key = policy.key
        let oldSlot = policySlots[key]
        let old = oldSlot.flatMap { policies[$0] }
        if let old, old.spec == policy.spec { return }
        makeNamespace(key.namespace)
        let compiled = CompiledPolicy(policy)
        lastGeneration += 1
        // New references first: a set that the old and the new version share must not go and come.
        let record = PolicyRecord(
            key: key, spec: policy.spec, generation: lastGeneration, subject: compiled.subject,
            ingress: compiled.ingress.map { rules in rules.map { acquire($0) } },
            egress: compiled.egress.map { rules in rules.map { acquire($0) } },
            ingressNames: Set((compiled.ingress ?? []).flatMap(\.ports.named)).sorted(),
            diagnostics: compiled.diagnostics, selected: old?.selected ?? [])
        if record.diagnostics != old?.diagnostics ?? [] { diagnosticsMayDiffer = true }
        if let oldSlot, let old {
            policies[oldSlot] = record
            if old.subject != record.subject {
                namespaces[key.namespace]?.subjects.remove(oldSlot, old.subject)
                namespaces[key.namespace]?.subjects.insert(oldSlot, record.subject)
            }
            release(old)
            reselect(oldSlot)
        } else {
            let slot = policies.insert(record)
            policySlots[key] = slot
            namespaces[key.namespace]?.subjects.insert(slot, record.subject)
            reselect(slot)
        }
    }

    package mutating func removeNetworkPolicy(_ key: ObjectKey) {
        guard let slot = policySlots.removeValue(forKey: key), let record = policies[slot] else { return }
        for pod in record.selected {
            pods[pod]?.policies.removeAll { $0 == slot }
            stalePods.insert(pod)
        }
        namespaces[key.namespace]?.subjects.remove(slot, record.subject)
        if !record.diagnostics.isEmpty { diagnosticsMayDiffer = true }
        policies.remove(slot)
        release(record)
        forgetNamespaceIfEmpty(key.namespace)
    }

    /// Finds the pods that a new or changed policy selects; all that it selects or selected are stale.
    private mutating func reselect(_ slot: Int) {
        guard let record = policies[slot], let namespace = namespaces[record.key.namespace] else { return }
        let selected = namespace.candidates(record.subject).filter { pod in
            guard let facts = pods[pod]?.facts else { return false }
            return !facts.isHostNetwork && record.subject.matches(facts.labels)
        }
        for pod in record.selected.subtracting(selected) { pods[pod]?.policies.removeAll { $0 == slot } }
        for pod in selected.subtracting(record.selected) { insert(slot, into: pod) }
        stalePods.formUnion(record.selected)
        stalePods.formUnion(selected)
        policies[slot]?.selected = selected
    }

    private mutating func insert(_ policy: Int, into pod: Int) {
        pods[pod]?.policies.insertSorted(policy)
    }

    private mutating func acquire(_ rule: CompiledRule) -> RuleRecord {
        RuleRecord(
            index: rule.index, peers: rule.peers.map { peers in peers.map { acquire($0) } }, ports: rule.ports,
            namedSets: rule.namedSets.map { acquire($0) })
    }

    private mutating func release(_ policy: PolicyRecord) {
        for set in policy.setReferences { release(set) }
    }
}
