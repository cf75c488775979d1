import ClusterAPI
import PolicyEngine
import PolicyExplanation
import TestRandom
import Testing

@Suite struct RandomExplanationTests {
    @Test("what the tiers add up to is the verdict, on 2,400 random clusters", arguments: 0..<4)
    func decisionEqualsVerdict(part: UInt64) {
        var decidedByTiers = 0
        for seed in (part * 600)..<(part * 600 + 600) {
            var world = RandomWorld(seed: seed)
            for _ in 0..<10 {
                let flow = world.flow()
                let verdict = world.engine.verdict(for: flow)
                let explanation = world.engine.explanation(of: flow)
                #expect(explanation.verdict == verdict, "seed \(seed): \(flow)")
                for direction in [explanation.egress, explanation.ingress] {
                    if let decided = direction.decided {
                        decidedByTiers += 1
                        #expect(decided == direction.decision, "seed \(seed): \(flow)")
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
        #expect(decidedByTiers > 1_000, "only \(decidedByTiers) decisions of tiers")
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
