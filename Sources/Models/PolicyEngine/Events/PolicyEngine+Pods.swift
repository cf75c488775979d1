package import ClusterAPI
import NetworkTypes

extension PolicyEngine {
    package mutating func upsert(_ pod: Pod) { upsert(PodFacts(pod)) }

    mutating func upsert(_ facts: PodFacts) {
        guard let slot = podSlots[facts.key] else {
            insert(facts)
            return
        }
        guard let old = pods[slot]?.facts, old != facts else { return }
        var rivals = withdraw(old, slot)
        pods[slot]?.facts = facts
        rivals.formUnion(announce(facts, slot))
        if old.namedPorts != facts.namedPorts { stalePods.insert(slot) }
        settle(rivals.union([slot]))
    }

    package mutating func removePod(_ key: ObjectKey) {
        guard let slot = podSlots.removeValue(forKey: key), let record = pods[slot] else { return }
        let rivals = withdraw(record.facts, slot)
        applyMembership(of: slot, owned: [], sets: [], ports: [:])
        for policy in record.policies { policies[policy]?.selected.remove(slot) }
        if record.told != .open { departed[key] = record.told }
        stalePods.remove(slot)
        watchedSlots.remove(slot)
        pods.remove(slot)
        forgetNamespaceIfEmpty(key.namespace)
        settle(rivals.subtracting([slot]))
    }

    private mutating func insert(_ facts: PodFacts) {
        var record = PodRecord(facts: facts)
        if let told = departed.removeValue(forKey: facts.key) { record.told = told }
        let slot = pods.insert(record)
        podSlots[facts.key] = slot
        stalePods.insert(slot)
        if watchedPods.contains(facts.key) { watchedSlots.insert(slot) }
        settle(announce(facts, slot).union([slot]))
    }

    /// Refreshes pods between which addresses may have changed hands.
    ///
    /// All of them give up what they lost before any takes what it gained: two of them may be in one set.
    private mutating func settle(_ affected: Set<Int>) {
        partyChanges &+= 1
        for slot in affected {
            guard let record = pods[slot] else { continue }
            let kept = record.owned.filter { addresses.owner(of: $0) == slot }
            if kept == record.owned { continue }
            let ports = record.portElements.mapValues { $0.filter { kept.contains($0.address) } }
            applyMembership(of: slot, owned: kept, sets: record.sets, ports: ports.filter { !$0.value.isEmpty })
        }
        for slot in affected { refresh(slot) }
    }

    /// Enters a pod into the indexes; returns all that claim one of its addresses.
    private mutating func announce(_ facts: PodFacts, _ slot: Int) -> Set<Int> {
        makeNamespace(facts.key.namespace)
        namespaces[facts.key.namespace]?.insert(slot, labels: facts.labels)
        addresses.add(facts, slot: slot)
        nodes.update(facts.node) { $0.count(facts, by: 1) }
        return Set(facts.claims.flatMap { addresses.claimants(of: $0) })
    }

    private mutating func withdraw(_ facts: PodFacts, _ slot: Int) -> Set<Int> {
        let rivals = Set(facts.claims.flatMap { addresses.claimants(of: $0) })
        namespaces[facts.key.namespace]?.remove(slot, labels: facts.labels)
        addresses.remove(facts, slot: slot)
        nodes.update(facts.node) { $0.count(facts, by: -1) }
        return rivals
    }

    /// Derives a pod's memberships and policies anew from its facts.
    mutating func refresh(_ slot: Int) {
        guard let facts = pods[slot]?.facts, let namespace = namespaces[facts.key.namespace] else { return }
        let owned = facts.claims.filter { addresses.owner(of: $0) == slot }
        let matched = facts.isPeer ? matchingSets(facts.labels, in: namespace) : []
        applyMembership(
            of: slot, owned: owned, sets: matched, ports: portElements(facts, owned: owned, matched: matched))
        let selecting =
            facts.isHostNetwork ? (policies: [], doubts: []) : selectingPolicies(facts.labels, in: namespace)
        select(slot, selecting.policies, doubts: selecting.doubts)
    }

    private func matchingSets(_ labels: [String: String], in namespace: NamespaceRecord) -> [Int] {
        var matched: [Int] = []
        for scope in namespace.scopes {
            scopes[scope]?.index.forEachCandidate(labels) { set in
                if case .pods(_, let selector)? = sets[set]?.definition, selector.matches(labels) {
                    matched.append(set)
                }
            }
        }
        return matched.sorted()
    }

    private mutating func select(_ slot: Int, _ selecting: [Int], doubts: [Int]) {
        guard let before = pods[slot]?.policies, before != selecting || pods[slot]?.doubts != doubts else { return }
        for policy in Set(before).subtracting(selecting) { policies[policy]?.selected.remove(slot) }
        for policy in Set(selecting).subtracting(before) { policies[policy]?.selected.insert(slot) }
        pods[slot]?.policies = selecting
        pods[slot]?.doubts = doubts
        stalePods.insert(slot)
    }
}
