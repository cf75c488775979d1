import APIMachinery
import ClusterAPI
import PolicyEngine

/// Rules that allow nothing which another rule does not allow already, whatever pods there are.
enum ShadowedRules {
    static func findings(_ rules: [LintRule]) -> [LintFinding] {
        let inForce = rules.enumerated().filter { $0.element.isInForce }
        let comparable = Dictionary(grouping: inForce) { entry in
            Group(namespace: entry.element.place.key.namespace, direction: entry.element.place.direction)
        }
        return comparable.values.flatMap { group in
            group.compactMap { number, rule in
                // Of two equal rules the later is one too many.
                let cover = group.first { other, candidate in
                    other != number && covers(candidate, rule) && (other < number || !covers(rule, candidate))
                }
                return cover.map { finding(rule, $0.element) }
            }
        }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }

    private struct Group: Hashable {
        let namespace: String
        let direction: Direction
    }

    private static func finding(_ rule: LintRule, _ cover: LintRule) -> LintFinding {
        let place = cover.place
        let name = place.key == rule.place.key ? "" : "of NetworkPolicy \(place.key) "
        return rule.place.finding(
            .shadowedRule, rule.place.path,
            "\(place.direction.rawValue)[\(place.index)] \(name)allows all of this already; remove this rule")
    }

    private static func covers(_ wide: LintRule, _ narrow: LintRule) -> Bool {
        let subjects = [narrow, wide].map { $0.place.policy.spec?.podSelector ?? LabelSelector() }
        return Implication.holds(subjects[0], subjects[1]) && coversPeers(wide, narrow)
            && PortCover.covers(wide.ports, narrow.ports)
    }

    private static func coversPeers(_ wide: LintRule, _ narrow: LintRule) -> Bool {
        if wide.isEveryone { return true }
        if narrow.isEveryone { return false }
        return (narrow.peers ?? []).allSatisfy { peer in
            (wide.peers ?? []).contains { Implication.covers($0, peer) }
        }
    }
}

extension LintFinding {
    /// By place: the path's steps as text, numbers padded.
    fileprivate var order: [String] {
        path.map { step in
            switch step {
            case .field(let name): name
            case .index(let index): String(1_000_000 + index)
            }
        }
    }
}
