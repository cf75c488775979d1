import AddressAllocation
package import ClusterAPI
package import NetworkTypes
import ServiceModel

extension NodeModel {
    package mutating func upsert(_ service: Service) { services.upsert(service) }
    package mutating func removeService(_ key: ObjectKey) { services.removeService(key) }
    package mutating func upsert(_ slice: EndpointSlice) { services.upsert(slice) }
    package mutating func removeEndpointSlice(_ key: ObjectKey) { services.removeEndpointSlice(key) }

    package mutating func upsert(_ policy: ExternalIPPolicy) { externalIPs.upsert(policy) }
    package mutating func removeExternalIPPolicy(_ name: String) { externalIPs.removePolicy(name) }

    /// The nodes' addresses at which node ports are served; empty: all of them.
    package mutating func setNodePortRanges(_ ranges: [CIDR]) {
        isTopologyDirty = isTopologyDirty || ranges != nodePortRanges
        nodePortRanges = ranges
    }

    /// Tells services which addresses from outside they may use, when that may have changed.
    mutating func refreshExternalIPs(isTopologyNew: Bool) {
        if isTopologyNew {
            externalIPs.reserve(
                pods: state.clusterRanges, services: state.serviceRanges,
                subnets: (state.node?.subnets ?? []) + state.remoteNodes.flatMap(\.subnets))
        }
        if let rules = externalIPs.takeChangedRules() { services.setExternalIPRules(rules) }
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
