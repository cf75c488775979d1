package import ClusterAPI
import NetworkTypes

/// What the content of a `TierPart` is a function of.
struct PartKey: Hashable, Sendable {
    let direction: Direction
    /// The generations of the policies of one tier that select the pod, ascending by slot; negative for those of which it
    /// is unknown whether they do.
    let generations: [Int]
    /// The pod's numbers for the named ports that those policies mention.
    let ports: [NamedPort: [UInt16]]
    /// Set for a pod that is not in exactly one zone: its rule names it.
    let conflict: ZoneConflict?
}

/// A part with a number that no other part has.
struct NumberedPart: Sendable {
    let number: Int
    let part: TierPart
}

extension PolicyEngine {
    /// The rules of a pod; open for pods that are unknown, on the host network, or that no policy selects.
    package func endpointPolicy(for pod: ObjectKey) -> EndpointPolicy {
        guard let slot = podSlots[pod], let record = pods[slot] else { return .open }
        if !stalePods.contains(slot) { return record.told }
        return EndpointPolicy(ingress: compute(.ingress, record), egress: compute(.egress, record))
    }

    /// The same, remembering what was computed for the next pod with the same policies.
    mutating func resolve(_ record: PodRecord) -> EndpointPolicy {
        EndpointPolicy(ingress: remember(.ingress, record), egress: remember(.egress, record))
    }

    private func compute(_ direction: Direction, _ record: PodRecord) -> DirectionPolicy? {
        let parts = selecting(direction, record).map { part($0, direction, record) }
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
        for selecting in selecting(direction, record) {
            let numbered = remember(selecting, direction, record)
            parts.append(numbered.part)
            numbers.append(numbered.number)
        }
        if parts.isEmpty { return nil }
        if let known = resolved[numbers] { return known }
        let fresh = DirectionPolicy(parts: parts)
        resolved[numbers] = fresh
        return fresh
    }

    private mutating func remember(
        _ selecting: SelectingPolicies, _ direction: Direction, _ record: PodRecord
    ) -> NumberedPart {
        let key = key(selecting, direction, record)
        if let known = resolvedParts[key] { return known }
        lastGeneration += 1
        let fresh = NumberedPart(number: lastGeneration, part: part(selecting, direction, record))
        resolvedParts[key] = fresh
        return fresh
    }

    /// The policies of one tier that select a pod in one direction, by slot.
    private struct SelectingPolicies {
        let tier: Tier
        var slots: [Int] = []
    }

    /// Ascending by tier, and as far as they can be reached: NetworkPolicy never goes on to the baseline.
    private func selecting(_ direction: Direction, _ record: PodRecord) -> [SelectingPolicies] {
        var tiers = Tier.allCases.map { SelectingPolicies(tier: $0) }
        for slot in record.policies where policies[slot]?.touches(direction) == true {
            guard let tier = policies[slot]?.place.tier, isEnforced(tier) else { continue }
            tiers[tier.rawValue].slots.append(slot)
        }
        if !tiers[Tier.networkPolicy.rawValue].slots.isEmpty { tiers.removeAll { $0.tier > .networkPolicy } }
        return tiers.filter { !$0.slots.isEmpty }
    }

    private func key(_ selecting: SelectingPolicies, _ direction: Direction, _ record: PodRecord) -> PartKey {
        var ports: [NamedPort: [UInt16]] = [:]
        var generations: [Int] = []
        generations.reserveCapacity(selecting.slots.count)
        for slot in selecting.slots {
            let generation = policies[slot]?.generation ?? 0
            generations.append(isDoubted(slot, record) ? -generation : generation)
            guard direction == .ingress else { continue }
            for name in policies[slot]?.ingressNames ?? [] { ports[name] = record.facts.namedPorts[name] }
        }
        let conflict = selecting.tier == .zones ? zoneConflict(of: record.facts.key.namespace) : nil
        return PartKey(direction: direction, generations: generations, ports: ports, conflict: conflict)
    }

    func isDoubted(_ policy: Int, _ record: PodRecord) -> Bool {
        !record.doubts.isEmpty && record.doubts.containsSorted(policy)
    }

    private func part(_ selecting: SelectingPolicies, _ direction: Direction, _ record: PodRecord) -> TierPart {
        let sorted = selecting.slots.compactMap { slot in policies[slot].map { (slot: slot, policy: $0) } }
            .sorted { $0.policy.place < $1.policy.place }
        var rules: [ResolvedRule] = []
        for (slot, policy) in sorted {
            let isDoubted = isDoubted(slot, record)
            for rule in policy[direction] ?? [] {
                guard let action = isDoubted ? rule.action.doubted : rule.action else { continue }
                let id = id(of: rule, in: policy, direction, for: record)
                rules += resolve(rule, id, action, direction, record.facts.namedPorts)
            }
        }
        var references: [PolicyReference] = []
        // A zone comes to several policies, and is one.
        for (_, policy) in sorted {
            let isKnown = selecting.tier == .zones && references.contains(policy.reference)
            if policy.isNamed, !isKnown { references.append(policy.reference) }
        }
        let isFinal = selecting.tier == .networkPolicy
        return TierPart(
            tier: selecting.tier, policies: references, rules: rules,
            end: isFinal ? .deny(.defaultDeny(direction, references.map(\.key))) : .nextTier)
    }

    private func resolve(
        _ rule: RuleRecord, _ id: RuleID, _ action: RuleAction, _ direction: Direction,
        _ named: [NamedPort: [UInt16]]
    ) -> [ResolvedRule] {
        let peers = rule.peerIDs.map { ResolvedRule.Peers.sets($0) } ?? .everyone
        if rule.ports.isAll { return [ResolvedRule(id: id, action: action, peers: peers, ports: .all)] }
        var matches = rule.ports.numbered
        if direction == .ingress {
            for port in rule.ports.named {
                matches += (named[port] ?? []).map { PortMatch(port.transport, PortRange($0)) }
            }
            matches = Set(matches).sorted()
        }
        var rules: [ResolvedRule] = []
        if !matches.isEmpty { rules.append(ResolvedRule(id: id, action: action, peers: peers, ports: .ports(matches))) }
        if !rule.namedSets.isEmpty {
            rules.append(ResolvedRule(id: id, action: action, peers: .sets(rule.namedIDs), ports: .ofPeers))
        }
        return rules
    }
}
