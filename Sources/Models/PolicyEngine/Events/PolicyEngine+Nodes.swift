package import ClusterAPI
package import NetworkTypes

extension PolicyEngine {
    package mutating func upsert(_ node: Node) {
        let internalAddresses = Set(node.internalAddressTexts.compactMap { IPAddress($0) })
        let externalAddresses = Set(node.externalAddressTexts.compactMap { IPAddress($0) })
        let name = node.metadata.name ?? ""
        nodes.update(name) { $0.object = (internalAddresses, externalAddresses) }
        setFacts(NodeFacts(node), of: name)
    }

    /// What pods say about the node's addresses stays.
    package mutating func removeNode(_ name: String) {
        nodes.update(name) { $0.object = nil }
        setFacts(nil, of: name)
    }

    /// What is on a node's interfaces: its own addresses, whatever its object says of ExternalIPs.
    package mutating func setLocalAddresses(_ addresses: Set<IPAddress>, of node: String) {
        nodes.update(node) { $0.local = addresses }
    }

    private mutating func setFacts(_ new: NodeFacts?, of name: String) {
        let old = nodeObjects[name]
        guard old != new else { return }
        partyChanges &+= 1
        nodeObjects[name] = new
        var affected: Set<Int> = []
        for facts in [old, new] {
            if let facts { nodeSets.forEachCandidate(facts.labels) { affected.insert($0) } }
        }
        for set in affected {
            guard case .nodes(let selector)? = sets[set]?.definition else { continue }
            let before = old.map { selector.matches($0.labels) ? $0.addresses : [] } ?? []
            let after = new.map { selector.matches($0.labels) ? $0.addresses : [] } ?? []
            for address in after.subtracting(before) { change(set, address, isMember: true) }
            let gone = before.subtracting(after)
            if gone.isEmpty { continue }
            // Another node may have it too.
            let others = addresses(ofNodes: selector)
            for address in gone.subtracting(others) { change(set, address, isMember: false) }
        }
    }

    /// All addresses of the nodes that a selector matches.
    func addresses(ofNodes selector: LabelSelector) -> Set<IPAddress> {
        nodeObjects.values.reduce(into: []) { addresses, node in
            if selector.matches(node.labels) { addresses.formUnion(node.addresses) }
        }
    }
}
