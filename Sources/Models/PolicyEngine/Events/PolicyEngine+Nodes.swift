package import ClusterAPI
package import NetworkTypes

extension PolicyEngine {
    package mutating func upsert(_ node: Node) {
        let internalAddresses = Set(node.internalAddressTexts.compactMap { IPAddress($0) })
        let externalAddresses = Set(node.externalAddressTexts.compactMap { IPAddress($0) })
        nodes.update(node.metadata.name ?? "") { $0.object = (internalAddresses, externalAddresses) }
    }

    /// What pods say about the node's addresses stays.
    package mutating func removeNode(_ name: String) {
        nodes.update(name) { $0.object = nil }
    }

    /// What is on a node's interfaces: its own addresses, whatever its object says of ExternalIPs.
    package mutating func setLocalAddresses(_ addresses: Set<IPAddress>, of node: String) {
        nodes.update(node) { $0.local = addresses }
    }
}
