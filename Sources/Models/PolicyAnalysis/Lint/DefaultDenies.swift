import APIMachinery
import ClusterAPI
import PolicyEngine

/// Namespaces in which a pod that no policy thinks of is open.
struct DefaultDenies {
    let lint: PolicyLint
    let closing: ClusterFaults

    func findings() -> [LintFinding] {
        lint.namespaces.keys.sorted().compactMap { name in
            let everyPod = lint.policies.filter { policy in
                policy.key.namespace == name && policy.spec?.podSelector?.isEmpty ?? true
            }
            let isolated = Set(everyPod.flatMap { $0.spec?.effectiveTypes ?? [.ingress] })
            let missing = [(Direction.ingress, NetworkPolicySpec.PolicyType.ingress), (.egress, .egress)]
                .filter { direction, type in
                    !isolated.contains(type) && !closing.closes(name, lint.namespaces[name] ?? [:], direction)
                }.map(\.0)
            if missing.isEmpty { return nil }
            let types = missing.map { $0 == .ingress ? "Ingress" : "Egress" }.joined(separator: ", ")
            let message =
                "no default deny for \(missing.map(\.rawValue).joined(separator: " and ")): a pod that no policy "
                + "selects is open; add a policy with podSelector {} and policyTypes [\(types)]"
            return LintFinding(rule: .noDefaultDeny, subject: .namespace(name), path: [], message: message)
        }
    }
}
