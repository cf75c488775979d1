package import APIMachinery
package import ClusterAPI
import PolicyEngine

extension NodeModel {
    package mutating func upsert(_ policy: NetworkPolicy) { engine.upsert(policy) }
    package mutating func removeNetworkPolicy(_ key: ObjectKey) { engine.removeNetworkPolicy(key) }

    package mutating func upsert(_ policy: AdminNetworkPolicy) { engine.upsert(policy) }
    package mutating func removeAdminNetworkPolicy(_ name: String) { engine.removeAdminNetworkPolicy(name) }

    package mutating func upsert(_ policy: BaselineAdminNetworkPolicy) { engine.upsert(policy) }
    package mutating func removeBaselineAdminNetworkPolicy(_ name: String) {
        engine.removeBaselineAdminNetworkPolicy(name)
    }

    package mutating func upsert(_ policy: ClusterNetworkPolicy) { engine.upsert(policy) }
    package mutating func removeClusterNetworkPolicy(_ name: String) { engine.removeClusterNetworkPolicy(name) }

    package mutating func upsert(_ zone: Zone) { engine.upsert(zone) }
    package mutating func removeZone(_ name: String) { engine.removeZone(name) }

    /// Says how late it is: holes between zones close at their time.
    package mutating func setTime(_ time: APITime) { engine.setTime(time) }
}
