package import ClusterAPI

extension PolicyEngine {
    /// The rules of a pod; open for pods that are unknown, on the host network, or that no policy selects.
    package func endpointPolicy(for pod: ObjectKey) -> EndpointPolicy {
        guard let slot = podSlots[pod], let record = pods[slot] else { return .open }
        if !stalePods.contains(slot) { return record.told }
        return EndpointPolicy(
            ingress: compute(.ingress, record), egress: compute(.egress, record), readsMetadata: readsMetadata(record))
    }

    /// The same, remembering what was computed for the next pod with the same policies.
    mutating func resolve(_ record: PodRecord) -> EndpointPolicy {
        EndpointPolicy(
            ingress: remember(.ingress, record), egress: remember(.egress, record),
            readsMetadata: readsMetadata(record))
    }

    private func compute(_ direction: Direction, _ record: PodRecord) -> DirectionPolicy? {
        let parts = partKeys(direction, record).map { part($0.tier, direction, record) }
        return parts.isEmpty ? nil : DirectionPolicy(parts: parts)
    }

    private mutating func remember(_ direction: Direction, _ record: PodRecord) -> DirectionPolicy? {
        // Outdated versions would pile up: start again when they may outnumber the living.
        if resolvedParts.count > 1024 + 4 * podSlots.count || resolved.count > 1024 + 2 * podSlots.count {
            resolvedParts.removeAll()
            resolved.removeAll()
        }
        var parts: [TierPart] = []
        var numbers: [Int] = []
        for key in partKeys(direction, record) {
            let numbered = remember(key, direction, record)
            parts.append(numbered.part)
            numbers.append(numbered.number)
        }
        if parts.isEmpty { return nil }
        if let known = resolved[numbers] { return known }
        let fresh = DirectionPolicy(parts: parts)
        resolved[numbers] = fresh
        return fresh
    }

    private mutating func remember(_ key: PartKey, _ direction: Direction, _ record: PodRecord) -> NumberedPart {
        if let known = resolvedParts[key] { return known }
        lastGeneration += 1
        let fresh = NumberedPart(number: lastGeneration, part: part(key.tier, direction, record))
        resolvedParts[key] = fresh
        return fresh
    }

    private func part(_ tier: Tier, _ direction: Direction, _ record: PodRecord) -> TierPart {
        var references: [PolicyReference] = []
        var rules: [ResolvedRule] = []
        for slot in selecting(tier, direction, record) {
            guard let policy = policies[slot] else { continue }
            rules += self.rules(of: policy, direction, isDoubted: isDoubted(slot, record), for: record)
            // A zone comes to several policies, and is one.
            let isKnown = tier == .zones && references.contains(policy.reference)
            if policy.isNamed, !isKnown { references.append(policy.reference) }
        }
        let isFinal = tier == .networkPolicy
        return TierPart(
            tier: tier, policies: references, rules: rules,
            end: isFinal ? .deny(.defaultDeny(direction, references.map(\.key))) : .nextTier)
    }

    /// The policies of a tier that select a pod in one direction, by slot, in the order in which they are asked.
    private func selecting(_ tier: Tier, _ direction: Direction, _ record: PodRecord) -> [Int] {
        var selecting: [(priority: Int, slot: Int)] = []
        selecting.reserveCapacity(record.policies.count)
        for slot in record.policies {
            guard let outline = policies[slot]?.outline, outline.tier == tier, outline.touches(direction) else {
                continue
            }
            selecting.append((outline.priority, slot))
        }
        // Most differ in their priority: the places, with their names, are compared only where it is the same.
        selecting.sort { left, right in
            if left.priority != right.priority { return left.priority < right.priority }
            guard let one = policies[left.slot]?.place, let other = policies[right.slot]?.place else { return false }
            return one < other
        }
        return selecting.map(\.slot)
    }

    private func rules(
        of policy: PolicyRecord, _ direction: Direction, isDoubted: Bool, for record: PodRecord
    ) -> [ResolvedRule] {
        if !isDoubted, let shared = policy.shared(direction) { return shared }
        return (policy[direction] ?? []).flatMap { rule -> [ResolvedRule] in
            guard let action = isDoubted ? rule.action.doubted : rule.action else { return [] }
            let id = id(of: rule, in: policy, direction, for: record)
            return rule.resolved(id, action, direction, record.facts.namedPorts)
        }
    }
}
