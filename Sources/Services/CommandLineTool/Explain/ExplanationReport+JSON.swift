import EgressSelection
import NetworkTypes
import PolicyEngine
import PolicyExplanation

extension ExplanationReport {
    /// Everything, rules that are far off included.
    var json: String {
        let flow = explanation.flow
        return JSONText.object([
            ("from", JSONText.string("\(flow.from)")), ("to", JSONText.string("\(flow.to)")),
            ("protocol", JSONText.string(flow.transport.rawValue)), ("port", flow.port.map { "\($0)" } ?? "null"),
            ("verdict", JSONText.string(isAllowed ? "allow" : "deny")),
            ("rule", JSONText.string(isStranded ? departure?.description ?? "" : explanation.verdict.rule)),
            ("departure", departure?.json ?? "null"), ("egress", json(explanation.egress)),
            ("ingress", json(explanation.ingress)),
            ("obstacle", obstacle.map(JSONText.string) ?? "null"),
            ("suggestions", Self.array(suggestions.map(json))),
            ("faults", Self.strings(faults.map { "\($0); \($0.consequence)" })),
        ])
    }

    private func json(_ explained: DirectionExplanation) -> String {
        JSONText.object([
            ("verdict", JSONText.string(explained.decision.allowed ? "allow" : "deny")),
            ("rule", JSONText.string("\(explained.decision.rule)")),
            ("address", explained.end.address.map { JSONText.string("\($0)") } ?? "null"),
            ("tiers", Self.array(explained.tiers.map { json($0, explained) })),
        ])
    }

    private func json(_ tier: TierExplanation, _ explained: DirectionExplanation) -> String {
        let (outcome, rule): (String, String) =
            switch tier.outcome {
            case .decided(let decision): (decision.allowed ? "allow" : "deny", JSONText.string("\(decision.rule)"))
            case .passed(let rule): ("pass", JSONText.string("\(rule)"))
            case .undecided: ("undecided", "null")
            case .notAsked: ("not asked", "null")
            }
        let rules = tier.rules.map { rule in
            JSONText.object([
                ("rule", JSONText.string("\(rule.id)")), ("action", JSONText.string(rule.action.rawValue)),
                ("asked", "\(rule.isAsked)"), ("matches", "\(rule.matches)"),
                ("ports", Self.strings(rule.ports.map { $0.text(explained.other) })),
                (
                    "peers",
                    Self.array(
                        rule.peers.map { peer in
                            JSONText.object([
                                ("peer", JSONText.string(peer.peer)),
                                ("differences", Self.strings(peer.differences.map { $0.text(explained.other) })),
                            ])
                        })
                ),
            ])
        }
        let unselected = tier.unselected.map { policy in
            JSONText.object([
                ("policy", JSONText.string("\(policy.policy)")), ("rule", JSONText.string("\(policy.rule)")),
                ("action", JSONText.string(policy.action.rawValue)),
                ("differences", Self.strings(policy.differences.map { $0.text(explained.end) })),
            ])
        }
        return JSONText.object([
            ("tier", JSONText.string("\(tier.tier)")), ("outcome", JSONText.string(outcome)), ("rule", rule),
            ("policies", Self.strings(tier.policies.map(\.description))), ("rules", Self.array(rules)),
            ("unselected", Self.array(unselected)),
        ])
    }

    private func json(_ suggestion: Suggestion) -> String {
        JSONText.object([
            ("steps", Self.strings(suggestion.steps)), ("opened", "\(suggestion.effect.opened)"),
            ("cut", "\(suggestion.effect.cut)"),
        ])
    }

    private static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ", ") + "]" }

    private static func strings(_ texts: [String]) -> String { array(texts.map(JSONText.string)) }
}

extension Departure {
    /// With which addresses, by which nodes, for whom; or why not.
    fileprivate var json: String {
        var (sources, reasons): ([String], [String]) = ([], [])
        switch self {
        case .asNode(let node):
            sources = [Self.source(nil, node)]
        case .with(let held, _): sources = held.map { Self.source("\($0.address)", $0.holder) }
        case .unplaced(let addresses, _): sources = addresses.map { Self.source("\($0)", nil) }
        case .closed(let found, _): reasons = found
        }
        return JSONText.object([
            ("owner", owner.map { JSONText.string("\($0)") } ?? "null"),
            ("sources", "[" + sources.joined(separator: ", ") + "]"),
            ("drop", isClosed ? JSONText.string(Self.drop) : "null"),
            ("reasons", "[" + reasons.map(JSONText.string).joined(separator: ", ") + "]"),
        ])
    }

    /// Without an address: the node's own; without a node: one that is not known.
    private static func source(_ address: String?, _ node: String?) -> String {
        JSONText.object([
            ("address", address.map(JSONText.string) ?? "null"), ("node", node.map(JSONText.string) ?? "null"),
        ])
    }
}
