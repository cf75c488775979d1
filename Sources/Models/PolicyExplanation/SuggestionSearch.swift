package import ClusterAPI
package import PolicyEngine

/// Looks for the smallest changes that flip a verdict.
package struct SuggestionSearch: Sendable {
    package let engine: PolicyEngine
    package let explanation: Explanation
    /// The flows by which effects are measured.
    private let witnesses: [Flow]

    /// At most so many pods are asked what a change does to them.
    package static let greatestSample = 400

    /// - Parameter pods: Every pod that a change may concern.
    package init(_ explanation: Explanation, _ engine: PolicyEngine, pods: some Sequence<ObjectKey>) {
        self.engine = engine
        self.explanation = explanation
        let flow = explanation.flow
        witnesses = pods.sorted().prefix(Self.greatestSample).flatMap { pod in
            var incoming = flow
            incoming.from = .pod(pod)
            var outgoing = flow
            outgoing.to = .pod(pod)
            return [incoming, outgoing].filter { $0 != flow && $0.from != $0.to }
        }
    }

    /// Verified changes, the smallest and least permissive first.
    package func suggestions(limit: Int = 3) -> [Suggestion] {
        let wanted = !explanation.verdict.allowed
        let directions = Direction.askedFirst.filter { explanation[$0].decision.allowed != wanted || !wanted }
        let candidates = directions.map { wanted ? opening(explanation[$0]) : closing(explanation[$0]) }
        let single = flipping(candidates.flatMap(\.self), to: wanted)
        if !single.isEmpty || !wanted || directions.count < 2 { return Array(single.prefix(limit)) }
        // Both ends deny: the best of each together.
        let halves = zip(directions, candidates).map { direction, candidates in
            best(candidates) { $0[direction].allowed }
        }
        guard let egress = halves[0].first, let ingress = halves[1].first else { return [] }
        let both = Candidate(
            max(egress.rank, ingress.rank), egress.steps + ingress.steps, egress.edits + ingress.edits)
        return flipping([both], to: wanted)
    }

    /// Why no change of NetworkPolicies, labels or ports is offered; nil where one may help.
    package var obstacle: String? {
        guard !explanation.verdict.allowed else { return nil }
        for direction in Direction.askedFirst {
            let explained = explanation[direction]
            if case .unreachable = explained.end.kind { return "no policy has a say: no packet can be sent" }
            for tier in explained.tiers where tier.tier < .networkPolicy {
                if case .decided(let decision) = tier.outcome, !decision.allowed {
                    return "no NetworkPolicy would help: \(decision.rule) denies first"
                }
            }
        }
        return nil
    }

    private func flipping(_ candidates: [Candidate], to wanted: Bool) -> [Suggestion] {
        best(candidates) { $0.allowed == wanted }.map {
            Suggestion(steps: $0.steps, edits: $0.edits, effect: $0.effect)
        }
    }

    private struct Verified {
        let rank: Candidate.Rank
        let steps: [String]
        let edits: [Edit]
        let effect: Effect
    }

    private func best(_ candidates: [Candidate], where isWanted: (Verdict) -> Bool) -> [Verified] {
        var seen: Set<[Edit]> = []
        let verified = candidates.filter { seen.insert($0.edits).inserted }.compactMap { candidate -> Verified? in
            let changed = engine.after(candidate.edits)
            guard isWanted(changed.verdict(for: explanation.flow)) else { return nil }
            return Verified(
                rank: candidate.rank, steps: candidate.steps, edits: candidate.edits, effect: effect(of: changed))
        }
        return verified.enumerated().sorted { left, right in
            let one = left.element
            let other = right.element
            let sizes = (one.effect.opened + one.effect.cut, other.effect.opened + other.effect.cut)
            return (sizes.0, one.edits.count, one.rank.rawValue, left.offset)
                < (sizes.1, other.edits.count, other.rank.rawValue, right.offset)
        }.map(\.element)
    }

    private func effect(of changed: PolicyEngine) -> Effect {
        var effect = Effect()
        for witness in witnesses {
            let (before, after) = (engine.verdict(for: witness).allowed, changed.verdict(for: witness).allowed)
            if before == after { continue }
            if after { effect.opened += 1 } else { effect.cut += 1 }
        }
        return effect
    }
}

extension Direction {
    /// A packet meets its source's rules before its destination's.
    package static let askedFirst: [Direction] = [.egress, .ingress]
}

extension Verdict {
    subscript(_ direction: Direction) -> Decision { direction == .egress ? egress : ingress }
}
