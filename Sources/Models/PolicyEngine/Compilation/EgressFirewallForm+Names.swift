import APIMachinery
import ClusterAPI
import EgressNames
import NetworkTypes

/// What names in the rules of one object come to.
struct EgressNameRules {
    /// The names that an allowing rule opens, by its place.
    private(set) var selectors: [Int: NameSelector] = [:]
    /// Why a rule is wrong, by its place.
    private(set) var problems: [Int: String] = [:]

    init(_ form: EgressFirewallForm) {
        let rules = form.spec?.egress ?? []
        guard rules.contains(where: { $0.to?.dnsName != nil }) else { return }
        let dialect: NameDialect = form.reference.kind == .egressFirewall ? .egressFirewall : .egressNetworkPolicy
        var covered: Set<IPAddress.Family> = []
        var read: [NamedRules.Rule] = []
        for (index, rule) in rules.enumerated() {
            var target = NamedRules.Target.addresses
            if let text = rule.to?.dnsName {
                do throws(NamePatternProblem) {
                    target = .name(try dialect.pattern(text))
                } catch {
                    problems[index] = "'\(text)' \(error)"
                }
            } else if form.coversEverything(rule, &covered) {
                target = .everything
            }
            read.append(
                NamedRules.Rule(isAllowing: rule.type == "Allow", target, hasPorts: !(rule.ports ?? []).isEmpty))
        }
        let named = NamedRules(read, isOpenAtEnd: true)
        selectors = named.selectors
        for (place, problem) in named.problems { problems[place] = problem.description }
    }
}

extension EgressFirewallForm {
    /// Whether nothing outside is left to later rules after this one, of which those before covered some families.
    fileprivate func coversEverything(
        _ rule: EgressFirewallSpec.Rule, _ covered: inout Set<IPAddress.Family>
    ) -> Bool {
        guard (rule.ports ?? []).isEmpty, let text = rule.to?.cidrSelector, let range = CIDR(text) else { return false }
        if isEverything(text) { return true }
        guard range.prefixLength == 0 else { return false }
        covered.insert(range.family)
        return covered.count == IPAddress.Family.allCases.count
    }
}
