package import ClusterAPI
package import NodeModel

extension NetworkPolicy: WatchedObject {
    package static var kind: WatchedKind { .networkPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeNetworkPolicy(key) }

    /// Whom it selects is unknown, so it closes its namespace.
    package static func substitute(for key: ObjectKey) -> NetworkPolicy? {
        NetworkPolicy(
            metadata: ObjectMeta(name: key.name, namespace: key.namespace),
            spec: NetworkPolicySpec(podSelector: LabelSelector(), policyTypes: [.ingress, .egress]))
    }
}

extension AdminNetworkPolicy: WatchedObject {
    package static var kind: WatchedKind { .adminNetworkPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeAdminNetworkPolicy(key.name) }

    /// It may deny anything to anyone, so it does: that is what the engine makes of a policy without a spec.
    package static func substitute(for key: ObjectKey) -> AdminNetworkPolicy? {
        AdminNetworkPolicy(unreadable: key.name)
    }
}

extension BaselineAdminNetworkPolicy: WatchedObject {
    package static var kind: WatchedKind { .baselineAdminNetworkPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) {
        model.removeBaselineAdminNetworkPolicy(key.name)
    }

    /// It may deny anything to whom no NetworkPolicy isolates, so it does.
    package static func substitute(for key: ObjectKey) -> BaselineAdminNetworkPolicy? {
        BaselineAdminNetworkPolicy(unreadable: key.name)
    }
}

extension ClusterNetworkPolicy: WatchedObject {
    package static var kind: WatchedKind { .clusterNetworkPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeClusterNetworkPolicy(key.name) }

    /// Its tier is unknown and counts as Admin: see `AdminNetworkPolicy`.
    package static func substitute(for key: ObjectKey) -> ClusterNetworkPolicy? {
        ClusterNetworkPolicy(unreadable: key.name)
    }
}

extension EgressFirewall: WatchedObject {
    package static var kind: WatchedKind { .egressFirewalls }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeEgressFirewall(key) }

    /// What it lets through is unknown, so nothing leaves the cluster: that is what the engine makes of one without a spec.
    package static func substitute(for key: ObjectKey) -> EgressFirewall? {
        EgressFirewall(namespace: key.namespace, name: key.name)
    }
}

extension EgressNetworkPolicy: WatchedObject {
    package static var kind: WatchedKind { .egressNetworkPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeEgressNetworkPolicy(key) }

    /// See `EgressFirewall`.
    package static func substitute(for key: ObjectKey) -> EgressNetworkPolicy? {
        EgressNetworkPolicy(namespace: key.namespace, name: key.name)
    }
}

extension MetadataAccess: WatchedObject {
    package static var kind: WatchedKind { .metadataAccesses }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeMetadataAccess(key.name) }

    /// It only opens, and one without a spec opens nothing.
    package static func substitute(for key: ObjectKey) -> MetadataAccess? { MetadataAccess(name: key.name) }
}

extension Zone: WatchedObject {
    package static var kind: WatchedKind { .zones }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeZone(key.name) }

    /// Who is in it is unknown: the engine takes nobody for a member, and nothing for certainly outside.
    package static func substitute(for key: ObjectKey) -> Zone? { Zone(name: key.name, spec: nil) }
}

extension AdminNetworkPolicy {
    fileprivate init(unreadable name: String) {
        self.init(name: name, spec: AdminNetworkPolicySpec(subject: ClusterPolicySubject()))
        spec = nil
    }
}

extension BaselineAdminNetworkPolicy {
    fileprivate init(unreadable name: String) {
        self.init(name: name, spec: AdminNetworkPolicySpec(subject: ClusterPolicySubject()))
        spec = nil
    }
}

extension ClusterNetworkPolicy {
    fileprivate init(unreadable name: String) {
        self.init(
            name: name, spec: ClusterNetworkPolicySpec(tier: "Admin", priority: 0, subject: ClusterPolicySubject()))
        spec = nil
    }
}
