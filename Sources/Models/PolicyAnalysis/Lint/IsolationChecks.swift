import APIMachinery
import ClusterAPI
import PolicyEngine

/// Directions that a policy closes, or leaves open, other than its rules suggest.
enum IsolationChecks {
    static func findings(_ policy: NetworkPolicy) -> [LintFinding] {
        let spec = policy.spec ?? NetworkPolicySpec()
        return [Direction.ingress, .egress].flatMap { direction in
            ignored(policy, spec, direction) + closed(policy, spec, direction)
        } + emptyPeers(policy)
    }

    private static func type(_ direction: Direction) -> NetworkPolicySpec.PolicyType {
        direction == .ingress ? .ingress : .egress
    }

    /// The number of rules; nil if the list is not written.
    private static func count(_ spec: NetworkPolicySpec, _ direction: Direction) -> Int? {
        direction == .ingress ? spec.ingress?.count : spec.egress?.count
    }

    private static func ignored(
        _ policy: NetworkPolicy, _ spec: NetworkPolicySpec, _ direction: Direction
    ) -> [LintFinding] {
        guard (count(spec, direction) ?? 0) > 0, !spec.effectiveTypes.contains(type(direction)) else { return [] }
        let name = type(direction).rawValue
        return [
            finding(
                policy, .ignoredRules, direction.rawValue,
                "these rules do nothing: policyTypes does not name \(name); add it, or remove the rules")
        ]
    }

    private static func closed(
        _ policy: NetworkPolicy, _ spec: NetworkPolicySpec, _ direction: Direction
    ) -> [LintFinding] {
        guard spec.effectiveTypes.contains(type(direction)), (count(spec, direction) ?? 0) == 0 else { return [] }
        let other: Direction = direction == .ingress ? .egress : .ingress
        let isWritten = !(spec.policyTypes ?? []).isEmpty
        if (count(spec, other) ?? 0) > 0 {
            let also = direction == .egress ? ", DNS too" : ""
            let cause =
                isWritten
                ? "policyTypes names \(type(direction).rawValue) and there is no \(direction.rawValue) rule"
                : "without policyTypes a policy isolates for ingress"
            let remedy =
                "if only \(other.rawValue) is meant, write policyTypes: [\(type(other).rawValue)]"
            return [
                finding(
                    policy, .accidentalIsolation, isWritten ? "policyTypes" : other.rawValue,
                    "denies all \(direction.rawValue)\(also): \(cause); \(remedy)")
            ]
        }
        guard count(spec, direction) == 0, (policy.metadata.name ?? "").lowercased().contains("allow") else {
            return []
        }
        return [
            finding(
                policy, .accidentalIsolation, direction.rawValue,
                "an empty list allows nothing, though the name says allow; to allow everything write "
                    + "\(direction.rawValue): [{}]")
        ]
    }

    /// `from: []` reads like nobody, and means everyone.
    private static func emptyPeers(_ policy: NetworkPolicy) -> [LintFinding] {
        LintRule.all(policy).filter { $0.isInForce && $0.peers?.isEmpty == true }.map { rule in
            let field = rule.place.peersField
            return rule.place.finding(
                .emptyMeansEveryone, rule.place.path + [.field(field)],
                "an empty \(field) means everyone, not nobody; remove the rule, or name the peers")
        }
    }

    private static func finding(
        _ policy: NetworkPolicy, _ rule: LintFinding.Rule, _ field: String, _ message: String
    ) -> LintFinding {
        LintFinding(
            rule: rule, subject: .policy(policy.key), path: [.field("spec"), .field(field)], message: message)
    }
}
