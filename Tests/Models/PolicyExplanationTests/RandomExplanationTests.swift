import ClusterAPI
import PolicyEngine
import PolicyExplanation
import TestRandom
import Testing

@Suite struct RandomExplanationTests {
    @Test(
        "what the tiers add up to is the verdict, on 2,400 random clusters, and on 800 with tenancy and zones",
        arguments: 0..<4, [false, true])
    func decisionEqualsVerdict(part: UInt64, divided: Bool) {
        var decidedByTiers = 0
        var decidedApart: [Tier: Int] = [:]
        let count: UInt64 = divided ? 200 : 600
        for seed in (part * count)..<(part * count + count) {
            var world = RandomWorld(seed: seed, divided: divided)
            for _ in 0..<10 {
                let flow = world.flow()
                let verdict = world.engine.verdict(for: flow)
                let explanation = world.engine.explanation(of: flow)
                #expect(explanation.verdict == verdict, "seed \(seed): \(flow)")
                for direction in [explanation.egress, explanation.ingress] {
                    if let decided = direction.decided {
                        decidedByTiers += 1
                        #expect(decided == direction.decision, "seed \(seed): \(flow)")
                        if let tier = Self.decidingTier(direction) {
                            decidedApart[tier.tier, default: 0] += 1
                            let named = tier.rules.first { $0.isAsked && $0.matches }?.id
                            // A tier's own rule, which the kernel counts, and not the two ends in particular. The metadata guard
                            // has no rules.
                            let isDefault = tier.tier == .networkPolicy && !decided.allowed || tier.tier == .metadata
                            #expect(isDefault || named == decided.rule.counted, "seed \(seed): \(flow)")
                        }
                    } else {
                        #expect(Self.isOutsideTheTiers(direction.decision), "seed \(seed): \(flow): \(verdict.rule)")
                    }
                    for rule in direction.tiers.flatMap(\.rules) {
                        let texts = (rule.ports + rule.peers.flatMap(\.differences)).map { $0.text(direction.other) }
                        #expect(rule.matches == texts.isEmpty && !texts.contains(""), "seed \(seed): \(flow): \(rule)")
                    }
                }
            }
        }
        #expect(decidedByTiers > count, "only \(decidedByTiers) decisions of tiers")
        for tier in [Tier.tenancy, .zones] where divided {
            #expect(decidedApart[tier] ?? 0 > 20, "only \(decidedApart[tier] ?? 0) decisions of tier \(tier)")
        }
    }

    private static func decidingTier(_ explained: DirectionExplanation) -> TierExplanation? {
        explained.tiers.first { if case .decided = $0.outcome { true } else { false } }
    }

    private static func isOutsideTheTiers(_ decision: Decision) -> Bool {
        switch decision.rule {
        case .notSelected, .noTierDecides, .node, .external, .ownNode, .itself: decision.allowed
        case .unreachable: !decision.allowed
        default: false
        }
    }

    @Test("every suggestion flips the verdict, and most denials of NetworkPolicies get one", arguments: 0..<4)
    func suggestionsFlip(part: UInt64) {
        var (denied, helped) = (0, 0)
        for seed in (part * 60)..<(part * 60 + 60) {
            var world = RandomWorld(seed: seed)
            for _ in 0..<10 {
                let flow = world.flow()
                let explanation = world.engine.explanation(of: flow)
                let search = SuggestionSearch(explanation, world.engine, pods: world.pods.map(\.key))
                let suggestions = search.suggestions()
                #expect(suggestions.count <= 3)
                for suggestion in suggestions {
                    let after = world.engine.after(suggestion.edits).verdict(for: flow)
                    #expect(after.allowed != explanation.verdict.allowed, "seed \(seed): \(flow): \(suggestion.steps)")
                    #expect(!suggestion.steps.isEmpty)
                }
                let isByDefault = [explanation.egress, explanation.ingress].contains { direction in
                    if case .defaultDeny = direction.decision.rule { true } else { false }
                }
                guard isByDefault, search.obstacle == nil else { continue }
                denied += 1
                if !suggestions.isEmpty { helped += 1 }
            }
        }
        #expect(denied > 25 && helped * 10 > denied * 9, "\(helped) of \(denied) denials helped")
    }
}
