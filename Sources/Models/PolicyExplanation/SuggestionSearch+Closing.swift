import ClusterAPI
import PolicyEngine

extension SuggestionSearch {
    /// What may turn an allow of one end into a deny.
    func closing(_ explained: DirectionExplanation) -> [Candidate] {
        guard let pod = explained.end.pod, explained.decision.allowed else { return [] }
        if let rule = explained.tiers.flatMap(\.rules).first(where: {
            $0.id == explained.decision.rule && $0.isAsked && $0.matches
        }) {
            return removal(of: rule, explained)
        }
        // Policies have no say about a pod and its own node, or itself: nothing is offered, since nothing flips.
        let selected = explained.end.selectingLabels
        let spec = NetworkPolicySpec(
            podSelector: LabelSelector(matchLabels: selected),
            policyTypes: [explained.direction == .ingress ? .ingress : .egress])
        let name = "deny-\(explained.direction.rawValue)-of-\(pod.name)"
        let policy = NetworkPolicy(metadata: ObjectMeta(name: name, namespace: pod.namespace), spec: spec)
        let step =
            "create a NetworkPolicy in namespace \(pod.namespace) that selects \(LabelSelector(matchLabels: selected)) "
            + "for \(explained.direction.rawValue) and allows nothing"
        return [Candidate(.policy, [step], [.networkPolicy(policy)])]
    }

    private func removal(of rule: RuleExplanation, _ explained: DirectionExplanation) -> [Candidate] {
        guard rule.policy.kind == .networkPolicy, let index = rule.index,
            var policy = engine.networkPolicy(rule.policy.key), let spec = policy.spec
        else { return [] }
        // What the policy isolates must not change with its last rule.
        policy.spec?.policyTypes = spec.effectiveTypes.sorted { $0.rawValue < $1.rawValue }
        switch explained.direction {
        case .ingress:
            guard spec.ingress?.indices.contains(index) == true else { return [] }
            policy.spec?.ingress?.remove(at: index)
        case .egress:
            guard spec.egress?.indices.contains(index) == true else { return [] }
            policy.spec?.egress?.remove(at: index)
        }
        return [Candidate(.removal, ["remove \(rule.id)"], [.networkPolicy(policy)])]
    }
}
