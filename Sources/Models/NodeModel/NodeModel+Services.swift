import AddressAllocation
package import ClusterAPI
package import NetworkTypes
import ServiceModel

extension NodeModel {
    package mutating func upsert(_ service: Service) { services.upsert(service) }
    package mutating func removeService(_ key: ObjectKey) { services.removeService(key) }
    package mutating func upsert(_ slice: EndpointSlice) { services.upsert(slice) }
    package mutating func removeEndpointSlice(_ key: ObjectKey) { services.removeEndpointSlice(key) }

    package mutating func upsert(_ policy: ExternalIPPolicy) {
        let old = externalIPPolicies.updateValue(policy, forKey: policy.key.name)
        areExternalIPsDirty = areExternalIPsDirty || old?.spec != policy.spec || old == nil
    }

    package mutating func removeExternalIPPolicy(_ name: String) {
        areExternalIPsDirty = externalIPPolicies.removeValue(forKey: name) != nil || areExternalIPsDirty
    }

    /// The nodes' addresses at which node ports are served; empty: all of them.
    package mutating func setNodePortRanges(_ ranges: [CIDR]) {
        isTopologyDirty = isTopologyDirty || ranges != nodePortRanges
        nodePortRanges = ranges
    }

    /// Tells services which addresses from outside they may use, when that may have changed.
    mutating func refreshExternalIPs(isTopologyNew: Bool) {
        if isTopologyNew {
            let ranges = state.clusterRanges + state.serviceRanges
            let subnets = (state.node?.subnets ?? []) + state.remoteNodes.flatMap(\.subnets)
            let reserved = ranges + subnets.filter { subnet in !ranges.contains { $0.contains(subnet) } }
            areExternalIPsDirty = areExternalIPsDirty || reserved != reservedRanges
            reservedRanges = reserved
        }
        guard areExternalIPsDirty else { return }
        areExternalIPsDirty = false
        services.setExternalIPRules(ExternalIPRules(Array(externalIPPolicies.values), reserved: reservedRanges))
    }

    /// A service comes before a pod that wants its port of the node.
    mutating func refreshServices(_ changes: inout NodeChanges) {
        changes.services = services.settle().union(hostPorts.changed)
        hostPorts.forgetChanges()
        for frontend in changes.services {
            state.services[frontend] = services.table[frontend] ?? hostPorts[frontend]
        }
    }

    /// What is wrong with services and host ports, in words for people.
    package var serviceProblems: [String] { services.problems + hostPorts.problems(beside: services.table) }
}
