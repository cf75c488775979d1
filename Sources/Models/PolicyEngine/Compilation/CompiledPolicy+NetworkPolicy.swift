import APIMachinery
import ClusterAPI

extension CompiledPolicy {
    /// A part that the API would refuse is left out, so that it allows nothing, and is reported.
    init(_ policy: NetworkPolicy) {
        let errors = NetworkPolicyValidation.errors(in: policy.spec)
        let broken = BrokenParts(errors)
        let spec = policy.spec ?? NetworkPolicySpec()
        let namespace = policy.metadata.namespace ?? ""
        let pods = spec.podSelector ?? LabelSelector()
        place = PolicyPlace(tier: .networkPolicy, priority: 0, policy: PolicyReference(.networkPolicy, policy.key))
        subject = PolicySubject(namespaces: .named(namespace), pods: broken.subject ? pods.widened : pods)
        diagnostics = errors.map {
            PolicyDiagnostic(policy: policy.key, path: $0.field, message: $0.body)
        }
        let types = broken.types ? [.ingress, .egress] : spec.effectiveTypes
        ingress =
            types.contains(.ingress)
            ? (spec.ingress ?? []).enumerated().compactMap { index, rule in
                broken.isBroken(.ingress, index)
                    ? nil : CompiledRule(index, .ingress, peers: rule.from, ports: rule.ports, in: namespace)
            } : nil
        egress =
            types.contains(.egress)
            ? (spec.egress ?? []).enumerated().compactMap { index, rule in
                broken.isBroken(.egress, index)
                    ? nil : CompiledRule(index, .egress, peers: rule.to, ports: rule.ports, in: namespace)
            } : nil
    }
}

/// Which parts of a policy the errors lie in.
private struct BrokenParts {
    var subject = false
    var types = false
    private var rules: Set<FieldPath> = []

    init(_ errors: [FieldError]) {
        for error in errors {
            let steps = error.path.steps
            switch steps.dropFirst().first {
            case .field("podSelector"): subject = true
            case .field("policyTypes"): types = true
            default: rules.insert(FieldPath(Array(steps.prefix(3))))
            }
        }
    }

    /// No rule is believed when it is unclear which pods the policy is about.
    func isBroken(_ direction: Direction, _ index: Int) -> Bool {
        subject || rules.contains(FieldPath()["spec"][direction.rawValue][index])
    }
}

extension LabelSelector {
    /// The selector without the requirements that cannot be understood: it matches at least all that was meant.
    var widened: LabelSelector {
        let understood = (matchExpressions ?? []).filter {
            NetworkPolicyValidation.isValid(LabelSelector(matchExpressions: [$0]))
        }
        let labels = (matchLabels ?? [:]).filter {
            NetworkPolicyValidation.isValid(LabelSelector(matchLabels: [$0.key: $0.value]))
        }
        return LabelSelector(matchLabels: labels, matchExpressions: understood)
    }
}
