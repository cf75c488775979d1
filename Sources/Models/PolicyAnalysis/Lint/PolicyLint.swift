import APIMachinery
package import ClusterAPI
import PolicyEngine

/// Looks for what is probably not meant in policies, given the pods and namespaces that are known.
///
/// Policies that the API would refuse are not looked at: their errors go first.
package struct PolicyLint: Sendable {
    let pods: [String: [Pod]]
    let namespaces: [String: [String: String]]
    let policies: [NetworkPolicy]

    package init(pods: [Pod], namespaces: [Namespace], policies: [NetworkPolicy]) {
        self.policies = policies.filter { NetworkPolicyValidation.errors(in: $0.spec).isEmpty }
        self.pods = Dictionary(grouping: pods) { $0.key.namespace }
        var known: [String: [String: String]] = [:]
        for name in pods.map(\.key.namespace) + policies.map(\.key.namespace) {
            known[name] = Namespace(metadata: ObjectMeta(name: name)).labels
        }
        for namespace in namespaces { known[namespace.metadata.name ?? ""] = namespace.labels }
        self.namespaces = known
    }

    /// Policy by policy in the order given, then namespaces by name.
    package func findings() -> [LintFinding] {
        let rules = policies.flatMap(LintRule.all)
        let shadowed = Dictionary(grouping: ShadowedRules.findings(rules), by: \.subject)
        let own = policies.flatMap { policy -> [LintFinding] in
            let rules = LintRule.all(policy)
            return SelectorChecks(lint: self).findings(policy, rules) + IsolationChecks.findings(policy)
                + rules.flatMap(ReachChecks.findings) + rules.flatMap(BlockChecks.findings)
                + (shadowed[.policy(policy.key)] ?? [])
        }
        return own + defaultDenies()
    }

    /// Namespaces in which a pod that no policy thinks of is open.
    private func defaultDenies() -> [LintFinding] {
        namespaces.keys.sorted().compactMap { name in
            let everyPod = policies.filter { policy in
                policy.key.namespace == name && policy.spec?.podSelector?.isEmpty ?? true
            }
            let isolated = Set(everyPod.flatMap { $0.spec?.effectiveTypes ?? [.ingress] })
            let missing = [("ingress", NetworkPolicySpec.PolicyType.ingress), ("egress", .egress)]
                .filter { !isolated.contains($0.1) }.map(\.0)
            if missing.isEmpty { return nil }
            let types = missing.map { $0 == "ingress" ? "Ingress" : "Egress" }.joined(separator: ", ")
            let message =
                "no default deny for \(missing.joined(separator: " and ")): a pod that no policy selects is open; "
                + "add a policy with podSelector {} and policyTypes [\(types)]"
            return LintFinding(rule: .noDefaultDeny, subject: .namespace(name), path: [], message: message)
        }
    }
}
