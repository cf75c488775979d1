package import ClusterAPI

/// What a what-if question needs: objects as they are, to be put back changed into a copy of the engine.
extension PolicyEngine {
    /// A NetworkPolicy as it was given, but for its metadata; nil if there is none.
    package func networkPolicy(_ key: ObjectKey) -> NetworkPolicy? {
        guard case .networkPolicy(let spec) = source(PolicyReference(.networkPolicy, key)) else { return nil }
        return NetworkPolicy(metadata: ObjectMeta(name: key.name, namespace: key.namespace), spec: spec)
    }

    /// The rules of an AdminNetworkPolicy or a BaselineAdminNetworkPolicy as they were given.
    package func adminSpec(of policy: PolicyReference) -> AdminNetworkPolicySpec? {
        guard case .admin(let spec) = source(policy) else { return nil }
        return spec
    }

    /// The rules of a ClusterNetworkPolicy as they were given.
    package func clusterSpec(of policy: PolicyReference) -> ClusterNetworkPolicySpec? {
        guard case .cluster(let spec) = source(policy) else { return nil }
        return spec
    }

    /// The rules of an EgressFirewall or an EgressNetworkPolicy as they were given.
    package func egressSpec(of policy: PolicyReference) -> EgressFirewallSpec? {
        guard case .egress(let form, _, _) = source(policy) else { return nil }
        return form.spec
    }

    /// Gives a pod other labels; nothing happens if it is not known.
    package mutating func relabel(_ pod: ObjectKey, _ labels: [String: String]) {
        guard var facts = podSlots[pod].flatMap({ pods[$0]?.facts }) else { return }
        facts.labels = labels
        upsert(facts)
    }

    private func source(_ policy: PolicyReference) -> PolicySource? {
        policySlots[policy].flatMap { policies[$0]?.source }
    }
}
