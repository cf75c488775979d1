import ClusterAPI

/// A tier and a priority in it.
struct PolicyRank: Hashable, Sendable {
    let tier: Tier
    let priority: Int

    /// Nil for policies without a priority of their own.
    init?(_ place: PolicyPlace) {
        guard [.admin, .baseline].contains(place.tier),
            place.policy.kind != .baselineAdminNetworkPolicy, place.priority != PolicyPlace.first
        else { return nil }
        tier = place.tier
        priority = place.priority
    }
}

extension PolicyEngine {
    /// Keeps the ranks up to date when a policy comes, changes its priority, or goes.
    mutating func move(_ policy: PolicyReference, from old: PolicyPlace?, to new: PolicyPlace?) {
        guard old != new else { return }
        for (place, isNew) in [(old, false), (new, true)] {
            guard let rank = place.flatMap({ PolicyRank($0) }) else { continue }
            if isNew { ranks[rank, default: []].insert(policy) }
            if (ranks[rank]?.count ?? 0) > 1 { diagnosticsMayDiffer = true }
            if !isNew { ranks[rank]?.remove(policy) }
            if ranks[rank]?.isEmpty == true { ranks[rank] = nil }
        }
    }

    /// One for every policy that shares its rank.
    var rankDiagnostics: [PolicyDiagnostic] {
        ranks.filter { $0.value.count > 1 }.flatMap { rank, sharing in
            let sorted = sharing.sorted()
            return sorted.map { policy in
                let others = sorted.prefix(5).filter { $0 != policy }.prefix(4)
                let list = others.map(\.description).joined(separator: ", ")
                let more = sorted.count - 1 - others.count
                return PolicyDiagnostic(
                    kind: policy.kind, policy: policy.key, path: "spec.priority",
                    message: "\(list)\(more > 0 ? " and \(more) more" : "") of tier \(rank.tier) "
                        + "\(sorted.count > 2 ? "have" : "has") priority \(rank.priority) too",
                    consequence: "the first by kind and name comes first")
            }
        }
    }
}
