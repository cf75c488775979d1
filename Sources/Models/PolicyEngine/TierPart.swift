/// What one tier says about one direction of a pod: its rules, of which the first that matches decides.
///
/// Equal by content: pods that the same policies of a tier select (and whose named ports have equal numbers) share one.
/// The content is shared and hashed once, so values are cheap to copy, to compare and to use as keys.
package struct TierPart: Hashable, Sendable {
    /// What becomes of traffic that no rule of the tier matches.
    package enum End: Hashable, Sendable {
        /// The next tier is asked; after the last one everything is allowed.
        case nextTier
        /// It is denied, by this name.
        case deny(RuleID)
    }

    private let content: Content

    /// `policies` in the order in which they are asked; `rules` likewise.
    package init(tier: Tier, policies: [PolicyReference], rules: [ResolvedRule], end: End) {
        content = Content(tier: tier, policies: policies, rules: rules, end: end)
    }

    package var tier: Tier { content.tier }
    /// The policies that select the pod in this direction.
    package var policies: [PolicyReference] { content.policies }
    package var rules: [ResolvedRule] { content.rules }
    package var end: End { content.end }

    /// Every set that a rule refers to.
    package var peerSets: Set<PeerSetID> {
        var sets: Set<PeerSetID> = []
        for rule in rules {
            if case .sets(let ids) = rule.peers { sets.formUnion(ids) }
        }
        return sets
    }

    package static func == (left: TierPart, right: TierPart) -> Bool {
        if left.content === right.content { return true }
        return left.content.digest == right.content.digest && left.tier == right.tier
            && left.policies == right.policies && left.rules == right.rules && left.end == right.end
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(content.digest) }

    private final class Content: Sendable {
        let tier: Tier
        let policies: [PolicyReference]
        let rules: [ResolvedRule]
        let end: End
        /// A hash of some of the rest, valid within this process.
        let digest: Int

        init(tier: Tier, policies: [PolicyReference], rules: [ResolvedRule], end: End) {
            self.tier = tier
            self.policies = policies
            self.rules = rules
            self.end = end
            var hasher = Hasher()
            hasher.combine(tier)
            // Rules name their policy.
            if rules.isEmpty { hasher.combine(policies) }
            hasher.combine(rules)
            digest = hasher.finalize()
        }
    }
}
