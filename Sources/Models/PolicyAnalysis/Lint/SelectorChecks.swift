import APIMachinery
import ClusterAPI
import PolicyEngine

/// Selectors that match nothing among the pods and namespaces that are known.
///
/// Without any pod nothing is said, and an empty selector is no slip of the pen: it waits for pods to come.
struct SelectorChecks {
    let lint: PolicyLint

    func findings(_ policy: NetworkPolicy, _ rules: [LintRule]) -> [LintFinding] {
        guard !lint.pods.isEmpty else { return [] }
        let subject = policy.spec?.podSelector ?? LabelSelector()
        var findings: [LintFinding] = []
        if !subject.isEmpty, !lint.hasPod(subject, in: [policy.key.namespace]) {
            findings.append(
                LintFinding(
                    rule: .selectsNothing, subject: .policy(policy.key), path: [.field("spec"), .field("podSelector")],
                    message: "no pod of namespace \(policy.key.namespace) has \(subject): the policy is about nothing"))
        }
        return findings
            + rules.flatMap { rule in
                (rule.peers ?? []).enumerated().compactMap { index, peer in self.finding(rule.place, index, peer) }
            }
    }

    private func finding(_ place: RulePlace, _ index: Int, _ peer: NetworkPolicyPeer) -> LintFinding? {
        if peer.ipBlock != nil { return nil }
        var scope = [place.key.namespace]
        if let selector = peer.namespaceSelector {
            scope = lint.namespaces.filter { selector.matches($0.value) }.map(\.key)
            if scope.isEmpty {
                return place.finding(
                    .selectsNothing, place.path(peer: index, "namespaceSelector"),
                    "no namespace has \(selector): this peer is nobody")
            }
        }
        guard let pods = peer.podSelector, !pods.isEmpty, !lint.hasPod(pods, in: scope) else { return nil }
        return place.finding(
            .selectsNothing, place.path(peer: index, "podSelector"),
            "no pod of namespace \(PolicyLint.list(scope)) has \(pods): this peer is nobody")
    }
}
