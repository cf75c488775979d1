package import APIMachinery
package import ClusterAPI
import EgressSelection
package import PolicyEngine

extension NodeModel {
    package mutating func upsert(_ policy: NetworkPolicy) {
        tell(about: PolicyReference(.networkPolicy, policy.key)) { $0.upsert(policy) }
    }

    package mutating func removeNetworkPolicy(_ key: ObjectKey) {
        tell(about: PolicyReference(.networkPolicy, key)) { $0.removeNetworkPolicy(key) }
    }

    package mutating func upsert(_ policy: AdminNetworkPolicy) {
        tell(about: PolicyReference(.adminNetworkPolicy, policy.key)) { $0.upsert(policy) }
    }

    package mutating func removeAdminNetworkPolicy(_ name: String) {
        tell(about: .adminNetworkPolicy, name) { $0.removeAdminNetworkPolicy(name) }
    }

    package mutating func upsert(_ policy: BaselineAdminNetworkPolicy) {
        tell(about: PolicyReference(.baselineAdminNetworkPolicy, policy.key)) { $0.upsert(policy) }
    }

    package mutating func removeBaselineAdminNetworkPolicy(_ name: String) {
        tell(about: .baselineAdminNetworkPolicy, name) { $0.removeBaselineAdminNetworkPolicy(name) }
    }

    package mutating func upsert(_ policy: ClusterNetworkPolicy) {
        tell(about: PolicyReference(.clusterNetworkPolicy, policy.key)) { $0.upsert(policy) }
    }

    package mutating func removeClusterNetworkPolicy(_ name: String) {
        tell(about: .clusterNetworkPolicy, name) { $0.removeClusterNetworkPolicy(name) }
    }

    package mutating func upsert(_ firewall: EgressFirewall) {
        tell(about: PolicyReference(.egressFirewall, firewall.key)) { $0.upsert(firewall) }
    }

    package mutating func removeEgressFirewall(_ key: ObjectKey) {
        tell(about: PolicyReference(.egressFirewall, key)) { $0.removeEgressFirewall(key) }
    }

    package mutating func upsert(_ policy: EgressNetworkPolicy) {
        tell(about: PolicyReference(.egressNetworkPolicy, policy.key)) { $0.upsert(policy) }
    }

    package mutating func removeEgressNetworkPolicy(_ key: ObjectKey) {
        tell(about: PolicyReference(.egressNetworkPolicy, key)) { $0.removeEgressNetworkPolicy(key) }
    }

    package mutating func upsert(_ access: MetadataAccess) {
        tell(about: PolicyReference(.metadataAccess, access.key)) { $0.upsert(access) }
    }

    package mutating func removeMetadataAccess(_ name: String) {
        tell(about: .metadataAccess, name) { $0.removeMetadataAccess(name) }
    }

    package mutating func upsert(_ zone: Zone) {
        tell(about: PolicyReference(.zone, zone.key)) { $0.upsert(zone) }
        egress.upsert(zone)
    }

    package mutating func removeZone(_ name: String) {
        tell(about: .zone, name) { $0.removeZone(name) }
        egress.removeZone(name)
    }

    /// Stages a policy: what would hold with it is computed beside what holds.
    package mutating func upsert(_ staged: StagedObject) { staging.upsert(staged, beside: engine) }

    package mutating func removeStaged(_ reference: PolicyReference) { staging.remove(reference, beside: engine) }

    /// Says how late it is: holes between zones close at their time.
    package mutating func setTime(_ time: APITime) { tell { $0.setTime(time) } }

    /// When a verdict, or a staged verdict, changes by itself next; nil if none does.
    package var nextExpiry: APITime? {
        [engine.nextExpiry, staging.engine?.nextExpiry].compactMap(\.self).min()
    }

    /// An event that the real world and the staged one both hear of.
    mutating func tell(_ event: (inout PolicyEngine) -> Void) {
        event(&engine)
        staging.apply(event)
    }

    /// An event of an enforced policy.
    private mutating func tell(about policy: PolicyReference, _ event: (inout PolicyEngine) -> Void) {
        event(&engine)
        staging.apply(about: policy, event)
    }

    private mutating func tell(about kind: PolicyKind, _ name: String, _ event: (inout PolicyEngine) -> Void) {
        tell(about: PolicyReference(kind, ObjectKey(namespace: "", name: name)), event)
    }
}
