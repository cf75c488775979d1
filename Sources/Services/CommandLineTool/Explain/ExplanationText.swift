import EgressSelection
import NetworkTypes
import PolicyEngine
import PolicyExplanation

/// An explanation for a person: the verdict first, then each direction, then what would change it.
struct ExplanationText {
    private var out = IndentedText()

    var text: String { out.text }

    /// How many rules that nearly match are shown for each tier.
    private static let greatestCount = 5

    init(_ report: ExplanationReport) {
        let explanation = report.explanation
        let verdict = explanation.verdict
        if let departure = report.departure, report.isStranded {
            out.add("\(explanation.flow.title): \(departure)", mark: "DROPPED  ")
            out.add("policies allow it: \(verdict.rule)", indent: 2)
        } else {
            out.add("\(explanation.flow.title): \(verdict.rule)", mark: verdict.allowed ? "ALLOWED  " : "DENIED  ")
            if let departure = report.departure { out.add(Self.words(departure, verdict), indent: 2) }
        }
        for direction in Direction.askedFirst { add(explanation[direction]) }
        if !report.faults.isEmpty {
            out.add()
            out.add("What is wrong with these policies:")
            for fault in report.faults { out.add("\(fault); \(fault.consequence)", indent: 2, mark: "- ") }
        }
        add(report)
    }

    /// How it leaves, or would if policies let it.
    private static func words(_ departure: Departure, _ verdict: Verdict) -> String {
        verdict.allowed ? departure.description : "if it were allowed: \(departure)"
    }

    private mutating func add(_ explained: DirectionExplanation) {
        out.add()
        let address = explained.end.address.map { " (\($0))" } ?? ""
        let party = "\(explained.end.party)" == explained.end.address?.description ? "" : address
        out.add(
            "\(explained.direction.rawValue) of \(explained.end.party)\(party): "
                + (explained.decision.allowed ? "allowed" : "denied"))
        for tier in explained.tiers { add(tier, explained) }
        if explained.decided == nil { out.add("\(explained.decision.rule)", indent: 2) }
    }

    private mutating func add(_ tier: TierExplanation, _ explained: DirectionExplanation) {
        if tier.outcome == .notAsked {
            out.add("tier \(tier.tier): not asked", indent: 2)
            return
        }
        let asked = tier.rules.filter(\.isAsked)
        let missed = asked.filter { !$0.matches }
        out.add("tier \(tier.tier): \(Self.summary(tier))", indent: 2)
        let counts =
            "asked: \(Self.count(tier.policies.count, "policy", "policies")), "
            + "\(Self.count(asked.count, "rule", "rules")) (of \(tier.rules.count))"
        if !tier.policies.isEmpty { out.add(counts, indent: 4) }
        let near = missed.enumerated().sorted {
            ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
        }.map(\.element)
        for rule in near.prefix(Self.greatestCount) { add(rule, explained) }
        if near.count > Self.greatestCount {
            out.add("and \(near.count - Self.greatestCount) more that do not match (all: -o json)", indent: 4)
        }
        let telling = tier.unselected.filter { Self.isTelling($0, explained.decision) }.prefix(Self.greatestCount)
        for policy in telling {
            out.add(
                "\(policy.rule) matches and would \(policy.action.rawValue), but its policy is not about the pod:",
                indent: 4)
            for difference in policy.differences { out.add(difference.text(explained.end), indent: 6, mark: "- ") }
        }
        let rest = tier.unselected.count - telling.count
        if rest > 0 {
            let policies = Self.count(rest, "policy that is", "policies that are")
            out.add("and \(policies) not about the pod (all: -o json)", indent: 4)
        }
    }

    /// Whether a policy that does not select the end is worth a line.
    ///
    /// What a zone says about its own members goes without saying for others; a hole of another zone is a near miss.
    private static func isTelling(_ policy: UnselectedPolicy, _ decision: Decision) -> Bool {
        switch policy.rule {
        case .zone(let rule):
            if case .hole = rule.subject { !decision.allowed } else { false }
        case .notInOneZone: false
        default: true
        }
    }

    private mutating func add(_ rule: RuleExplanation, _ explained: DirectionExplanation) {
        out.add("no match: \(rule.id) (\(rule.action.rawValue))", indent: 4)
        for difference in rule.ports { out.add(difference.text(explained.other), indent: 6, mark: "- ") }
        let nearest = rule.peers.map { max(1, $0.differences.count) }.min()
        for peer in rule.peers where max(1, peer.differences.count) == nearest {
            for difference in peer.differences { out.add(difference.text(explained.other), indent: 6, mark: "- ") }
        }
    }

    private mutating func add(_ report: ExplanationReport) {
        out.add()
        if report.isStranded {
            out.add("No policy would help: it takes an egress address. gabion status has all of them.")
            return
        }
        if let obstacle = report.obstacle { out.add(obstacle) }
        let wanted = report.isAllowed ? "deny" : "allow"
        if report.suggestions.isEmpty {
            if report.obstacle == nil { out.add("No change that would \(wanted) it was found.") }
            return
        }
        out.add("What would \(wanted) it (each tried on a copy; the smallest first):")
        for (index, suggestion) in report.suggestions.enumerated() {
            for (place, step) in suggestion.steps.enumerated() {
                out.add(step, indent: 2, mark: place == 0 ? "\(index + 1). " : "   and ")
            }
            out.add(suggestion.effect.text, indent: 5)
        }
    }

    private static func summary(_ tier: TierExplanation) -> String {
        switch tier.outcome {
        case .decided(let decision): "\(decision.allowed ? "allowed" : "denied") by \(decision.rule)"
        case .passed(let rule): "passed on by \(rule)"
        case .undecided where tier.policies.isEmpty: "no policy is about the pod"
        case .undecided: "no rule matches"
        case .notAsked: "not asked"
        }
    }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }
}
