import ClusterAPI

/// What a world beside the real one needs: policies of any kind, by reference.
extension PolicyEngine {
    mutating func hear(_ event: (inout PolicyEngine) -> Void) { event(&self) }

    /// The spec of a policy as it was given; nil if there is no such policy.
    func content(of policy: PolicyReference) -> WrappedPolicy.Content? {
        if policy.kind == .zone { return zones[policy.key.name].map { .zone($0.spec) } }
        guard let source = policySlots[policy].flatMap({ policies[$0]?.source }) else { return nil }
        switch source {
        case .networkPolicy(let spec): return .networkPolicy(spec)
        case .admin(let spec):
            return policy.kind == .adminNetworkPolicy
                ? .adminNetworkPolicy(spec) : .baselineAdminNetworkPolicy(spec)
        case .cluster(let spec): return .clusterNetworkPolicy(spec)
        case .egress(let form, _, _):
            return policy.kind == .egressFirewall ? .egressFirewall(form.spec) : .egressNetworkPolicy(form.spec)
        case .metadata(let spec): return .metadataAccess(spec)
        case .tenancy, .zone: return nil
        }
    }

    /// Puts a policy in its place; with nil nothing is there.
    mutating func put(_ policy: PolicyReference, _ content: WrappedPolicy.Content?) {
        let name = policy.key.name
        switch content {
        case .none where policy.kind == .zone: removeZone(name)
        case .none where policy.kind == .egressFirewall: removeEgressFirewall(policy.key)
        case .none where policy.kind == .egressNetworkPolicy: removeEgressNetworkPolicy(policy.key)
        case .none: remove(policy)
        case .networkPolicy(let spec)?:
            upsert(NetworkPolicy(metadata: ObjectMeta(name: name, namespace: policy.key.namespace), spec: spec))
        case .egressFirewall(let spec)?:
            upsert(EgressFirewall(namespace: policy.key.namespace, name: name, spec: spec))
        case .egressNetworkPolicy(let spec)?:
            upsert(EgressNetworkPolicy(namespace: policy.key.namespace, name: name, spec: spec))
        case .adminNetworkPolicy(let spec)?:
            var object = AdminNetworkPolicy(name: name, spec: AdminNetworkPolicySpec(subject: ClusterPolicySubject()))
            object.spec = spec
            upsert(object)
        case .baselineAdminNetworkPolicy(let spec)?:
            var object = BaselineAdminNetworkPolicy(
                name: name, spec: AdminNetworkPolicySpec(subject: ClusterPolicySubject()))
            object.spec = spec
            upsert(object)
        case .clusterNetworkPolicy(let spec)?:
            var object = ClusterNetworkPolicy(
                name: name, spec: ClusterNetworkPolicySpec(tier: "Admin", priority: 0, subject: ClusterPolicySubject()))
            object.spec = spec
            upsert(object)
        case .zone(let spec)?: upsert(Zone(name: name, spec: spec))
        case .metadataAccess(let spec)?: upsert(MetadataAccess(name: name, spec: spec))
        }
    }
}
