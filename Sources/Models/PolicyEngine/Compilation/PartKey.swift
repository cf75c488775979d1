import ClusterAPI

/// What the content of a `TierPart` is a function of.
struct PartKey: Hashable, Sendable {
    let tier: Tier
    let isIngress: Bool
    /// The generations of the policies of the tier that select the pod, ascending by slot; negative for those of which it
    /// is unknown whether they do.
    let generations: [Int]
    /// The pod's numbers for the named ports that those policies mention.
    let ports: [NamedPort: [UInt16]]
    /// Set for a pod that is not in exactly one zone: its rule names it.
    let conflict: ZoneConflict?

    /// One number of all generations instead of each by itself: a pod has dozens, and thousands of pods are looked up.
    func hash(into hasher: inout Hasher) {
        hasher.combine(isIngress)
        hasher.combine(generations.reduce(0) { $0 &* 31 &+ $1 })
        hasher.combine(ports)
    }
}

/// A part with a number that no other part has.
struct NumberedPart: Sendable {
    let number: Int
    let part: TierPart
}

extension PolicyEngine {
    /// The keys of a pod's parts, ascending by tier, and as far as they can be reached: NetworkPolicy never goes on to the
    /// baseline.
    ///
    /// Asked for every pod that a change may concern, so only the outlines of its policies are read.
    func partKeys(_ direction: Direction, _ record: PodRecord) -> [PartKey] {
        var generations = [[Int]](repeating: [], count: Tier.allCases.count)
        var naming: [Int] = []
        for slot in record.policies {
            guard let outline = policies[slot]?.outline, outline.touches(direction), isEnforced(outline.tier) else {
                continue
            }
            let tier = outline.tier.rawValue
            if generations[tier].isEmpty { generations[tier].reserveCapacity(record.policies.count) }
            generations[tier].append(isDoubted(slot, record) ? -outline.generation : outline.generation)
            if direction == .ingress, outline.namesIngressPorts { naming.append(slot) }
        }
        let last = generations[Tier.networkPolicy.rawValue].isEmpty ? Tier.baseline : .networkPolicy
        var keys: [PartKey] = []
        keys.reserveCapacity(generations.count)
        for tier in Tier.allCases where tier <= last && !generations[tier.rawValue].isEmpty {
            keys.append(
                PartKey(
                    tier: tier, isIngress: direction == .ingress, generations: generations[tier.rawValue],
                    ports: numbers(ofPortsIn: naming, tier, record),
                    conflict: tier == .zones ? zoneConflict(of: record.facts.key.namespace) : nil))
        }
        return keys
    }

    func isDoubted(_ policy: Int, _ record: PodRecord) -> Bool {
        !record.doubts.isEmpty && record.doubts.containsSorted(policy)
    }

    /// A pod's numbers for the ports that the ingress rules of some policies name, of those that are of one tier.
    private func numbers(ofPortsIn naming: [Int], _ tier: Tier, _ record: PodRecord) -> [NamedPort: [UInt16]] {
        var numbers: [NamedPort: [UInt16]] = [:]
        for slot in naming where policies[slot]?.outline.tier == tier {
            for name in policies[slot]?.ingressNames ?? [] { numbers[name] = record.facts.namedPorts[name] }
        }
        return numbers
    }
}
