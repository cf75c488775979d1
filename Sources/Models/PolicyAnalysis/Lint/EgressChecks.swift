import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// What is probably not meant in what limits a namespace's egress.
struct EgressChecks {
    private let policy: PolicyReference
    private let rules: [EgressFirewallSpec.Rule]

    /// Those that the API accepts.
    static func findings(_ cluster: ClusterWidePolicies) -> [LintFinding] {
        let firewalls = cluster.firewalls.filter { EgressFirewallValidation.errors(in: $0).isEmpty }
            .map { EgressChecks(policy: PolicyReference(.egressFirewall, $0.key), rules: $0.spec?.egress ?? []) }
        let policies = cluster.egressPolicies.filter { EgressFirewallValidation.errors(in: $0).isEmpty }
            .map { EgressChecks(policy: PolicyReference(.egressNetworkPolicy, $0.key), rules: $0.spec?.egress ?? []) }
        let all = firewalls + policies
        return all.flatMap { $0.shadowed + $0.openFamily }
    }

    private func finding(_ rule: LintFinding.Rule, _ path: [FieldPath.Step], _ message: String) -> LintFinding {
        LintFinding(rule: rule, subject: .object(policy), path: path, message: message)
    }

    private func path(_ index: Int) -> [FieldPath.Step] { [.field("spec"), .field("egress"), .index(index)] }

    /// An earlier rule without ports has all of the range.
    private var shadowed: [LintFinding] {
        var covering: [(index: Int, range: CIDR)] = []
        var findings: [LintFinding] = []
        for (index, rule) in rules.enumerated() {
            guard let range = rule.to?.cidrSelector.flatMap({ CIDR($0) }) else { continue }
            if let earlier = covering.first(where: { $0.range.contains(range) }) {
                findings.append(
                    finding(
                        .shadowedRule, path(index),
                        "never reached: egress[\(earlier.index)] decides about \(earlier.range) before; put it first"))
            } else if (rule.ports ?? []).isEmpty {
                covering.append((index, range))
            }
        }
        return findings
    }

    /// All of one family is denied in the end, and nothing is said about the other.
    private var openFamily: [LintFinding] {
        guard policy.kind == .egressFirewall else { return [] }
        let denied = rules.enumerated().filter { $1.type == "Deny" && ($1.ports ?? []).isEmpty }
            .compactMap { index, rule in rule.to?.cidrSelector.flatMap { CIDR($0) }.map { (index, $0) } }
            .filter { $0.1.prefixLength == 0 }
        guard denied.count == 1, let (index, range) = denied.first else { return [] }
        let other = range.family == .v4 ? ("IPv6", "::/0") : ("IPv4", "0.0.0.0/0")
        return [
            finding(
                .openToInternet, path(index) + [.field("to"), .field("cidrSelector")],
                "\(range) leaves \(other.0) open; deny \(other.1), too, or allow it where it is meant")
        ]
    }
}
