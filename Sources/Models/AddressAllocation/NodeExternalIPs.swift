package import ClusterAPI
package import NetworkTypes

/// Which addresses from outside nodes serve, as policies and the cluster's own ranges come and go.
///
/// The one place that says so: nodes go by it, and verdicts on connections to them.
package struct NodeExternalIPs: Sendable {
    private var policies: [String: ExternalIPPolicy] = [:]
    private var reserved: [CIDR] = []
    private var isChanged = false

    package init() {}

    package mutating func upsert(_ policy: ExternalIPPolicy) {
        let old = policies.updateValue(policy, forKey: policy.key.name)
        isChanged = isChanged || old == nil || old?.spec != policy.spec
    }

    package mutating func removePolicy(_ name: String) {
        isChanged = policies.removeValue(forKey: name) != nil || isChanged
    }

    /// Keeps the ranges of pods and services, and nodes' subnets that lie outside of them, from services.
    package mutating func reserve(pods: [CIDR], services: [CIDR], subnets: [CIDR]) {
        let ranges = pods + services
        let next = ranges + subnets.filter { subnet in !ranges.contains { $0.contains(subnet) } }
        isChanged = isChanged || next != reserved
        reserved = next
    }

    package var rules: ExternalIPRules { ExternalIPRules(Array(policies.values), reserved: reserved) }

    /// The rules, if they may be others than when this was asked last.
    package mutating func takeChangedRules() -> ExternalIPRules? {
        guard isChanged else { return nil }
        isChanged = false
        return rules
    }
}

extension ClusterNetwork {
    /// The ranges of services as they are written, one of each family.
    package var serviceNetworkTexts: [String] {
        (serviceNetwork ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
    }
}
