package import ClusterAPI
import EgressSelection
package import NetworkTypes
import PolicyEngine
import ServiceModel

extension NodeModel {
    package mutating func upsert(_ pod: Pod) {
        let key = pod.key
        if isLocal(pod) {
            foreignObjects.remove(key)
            localObjects[key] = pod
            refreshEngine(key)
        } else {
            localObjects[key] = nil
            if pod.spec?.nodeName != nil { foreignObjects.insert(key) } else { foreignObjects.remove(key) }
            tell { $0.upsert(pod) }
            egress.upsert(pod)
        }
        dirtyInterfaces.formUnion(interfaces[key] ?? [])
    }

    package mutating func removePod(_ key: ObjectKey) {
        localObjects[key] = nil
        foreignObjects.remove(key)
        tell { $0.removePod(key) }
        egress.removePod(key)
        dirtyInterfaces.formUnion(interfaces[key] ?? [])
    }

    package mutating func upsert(_ namespace: Namespace) {
        tell { $0.upsert(namespace) }
        egress.upsert(namespace)
        if seenNamespaces.insert(namespace.key.name).inserted { markAttachments(in: namespace.key.name) }
    }

    package mutating func removeNamespace(_ name: String) {
        tell { $0.removeNamespace(name) }
        egress.removeNamespace(name)
        if seenNamespaces.remove(name) != nil { markAttachments(in: name) }
    }

    private mutating func markAttachments(in namespace: String) {
        for (pod, names) in interfaces where pod.namespace == namespace { dirtyInterfaces.formUnion(names) }
    }

    package mutating func upsert(_ node: Node) {
        let name = node.key.name
        isTopologyDirty = isTopologyDirty || nodes[name]?.internalAddressTexts != node.internalAddressTexts
        nodes[name] = node
        if name == nodeName { services.setZone(node.metadata.labels?["topology.kubernetes.io/zone"]) }
        tell { $0.upsert(node) }
    }

    package mutating func removeNode(_ name: String) {
        isTopologyDirty = true
        nodes[name] = nil
        if name == nodeName { services.setZone(nil) }
        tell { $0.removeNode(name) }
    }

    package mutating func upsert(_ subnet: HostSubnet) {
        isTopologyDirty = isTopologyDirty || hostSubnets[subnet.key.name] != subnet
        hostSubnets[subnet.key.name] = subnet
    }

    package mutating func removeHostSubnet(_ name: String) {
        isTopologyDirty = true
        hostSubnets[name] = nil
    }

    /// Only the object named `default` counts.
    package mutating func upsert(_ network: ClusterNetwork) {
        guard network.key.name == "default" else { return }
        isTopologyDirty = isTopologyDirty || clusterNetwork != network
        clusterNetwork = network
        tell { $0.upsert(network) }
    }

    package mutating func removeClusterNetwork(_ name: String) {
        guard name == "default" else { return }
        isTopologyDirty = true
        clusterNetwork = nil
        tell { $0.removeClusterNetwork(name) }
    }

    package mutating func upsert(_ netNamespace: NetNamespace) {
        tell { $0.upsert(netNamespace) }
        egress.upsert(netNamespace)
    }

    package mutating func removeNetNamespace(_ name: String) {
        tell { $0.removeNetNamespace(name) }
        egress.removeNetNamespace(name)
    }

    /// The largest IP packet between nodes, in bytes, when it has become another.
    package mutating func setUnderlayMTU(_ bytes: Int) {
        isTopologyDirty = isTopologyDirty || underlayMTU != bytes
        underlayMTU = bytes
    }

    /// What is on this node's interfaces: packets between one of these and a pod here are not forwarded, so no policy
    /// sees them, and no verdict may say otherwise.
    package mutating func setLocalAddresses(_ addresses: Set<IPAddress>) {
        let node = nodeName
        tell { $0.setLocalAddresses(addresses, of: node) }
    }

    private func isLocal(_ pod: Pod) -> Bool { pod.spec?.nodeName == nodeName && !pod.isHostNetwork }
}
