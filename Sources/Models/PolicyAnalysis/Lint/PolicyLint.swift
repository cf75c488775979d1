import APIMachinery
package import ClusterAPI
import PolicyEngine

/// Looks for what is probably not meant in policies of all tiers and in zones, given the pods and namespaces that are known.
///
/// Policies that the API would refuse are not looked at: their errors go first.
package struct PolicyLint: Sendable {
    let pods: [String: [Pod]]
    let namespaces: [String: [String: String]]
    let policies: [NetworkPolicy]
    let cluster: ClusterWidePolicies
    /// Those that the API accepts.
    let zones: [Zone]

    package init(
        pods: [Pod], namespaces: [Namespace], policies: [NetworkPolicy],
        cluster: ClusterWidePolicies = ClusterWidePolicies()
    ) {
        self.policies = policies.filter { NetworkPolicyValidation.errors(in: $0.spec).isEmpty }
        self.cluster = cluster
        zones = cluster.zones.filter { ZoneValidation.errors(in: $0).isEmpty }
        self.pods = Dictionary(grouping: pods) { $0.key.namespace }
        var known: [String: [String: String]] = [:]
        for name in pods.map(\.key.namespace) + policies.map(\.key.namespace) {
            known[name] = Namespace(metadata: ObjectMeta(name: name)).labels
        }
        for namespace in namespaces { known[namespace.metadata.name ?? ""] = namespace.labels }
        self.namespaces = known
    }

    /// Policy by policy in the order given, then what is wrong with them together, then namespaces by name.
    package func findings() -> [LintFinding] {
        let rules = policies.flatMap(LintRule.all)
        let shadowed = Dictionary(grouping: ShadowedRules.findings(rules), by: \.subject)
        let own = policies.flatMap { policy -> [LintFinding] in
            let rules = LintRule.all(policy)
            return SelectorChecks(lint: self).findings(policy, rules) + IsolationChecks.findings(policy)
                + rules.flatMap(ReachChecks.findings) + rules.flatMap(BlockChecks.findings)
                + (shadowed[.policy(policy.key)] ?? [])
        }
        let wide = cluster.rules
        let selectors = ClusterSelectorChecks(lint: self)
        let together = ClusterFaults(lint: self, rules: wide)
        return own + selectors.findings(wide) + ClusterRuleChecks.findings(wide) + zones.flatMap(selectors.findings)
            + EgressChecks.findings(cluster) + together.findings()
            + DefaultDenies(lint: self, closing: together).findings()
    }

    func hasPod(_ selector: LabelSelector, in namespaces: [String]) -> Bool {
        namespaces.contains { name in (pods[name] ?? []).contains { selector.matches($0.labels) } }
    }

    /// The first few by name.
    static func list(_ names: [String]) -> String {
        names.sorted().prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    }
}
