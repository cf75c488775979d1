package import ClusterAPI
import NetworkTypes

extension PolicyEngine {
    package mutating func upsert(_ node: Node) {
        let addresses = Set(node.internalAddressTexts.compactMap { IPAddress($0) })
        nodes.update(node.metadata.name ?? "") { $0.internalAddresses = addresses }
    }

    /// What pods say about the node's addresses stays.
    package mutating func removeNode(_ name: String) {
        nodes.update(name) { $0.internalAddresses = nil }
    }
}
