package import ClusterAPI
import EgressSelection
package import NetworkTypes
import PolicyEngine

extension NodeModel {
    package mutating func upsert(_ egressIP: EgressIP) { egress.upsert(egressIP) }
    package mutating func removeEgressIP(_ name: String) { egress.removeEgressIP(name) }
    package mutating func upsert(_ node: EgressNode) { egress.upsert(node) }
    package mutating func removeEgressNode(_ name: String) { egress.removeEgressNode(name) }

    /// The NetNamespace exists and cannot be read: see `EgressSelection`.
    package mutating func closeEgress(ofNamespace name: String) { egress.closeNetNamespace(name) }

    /// Brings the ways and translations of selected pods up to date.
    mutating func refreshEgress(_ changes: inout NodeChanges) {
        var pods = egress.settle()
        // Who is reached by the overlay may have changed.
        if changes.topology { pods.formUnion(egress.selected) }
        var addresses: Set<IPAddress> = []
        for pod in pods { addresses.formUnion(egressClaims.set(claim(of: pod), of: pod)) }
        for address in addresses { refreshEgress(of: address, &changes) }
    }

    private mutating func refreshEgress(of address: IPAddress, _ changes: inout NodeChanges) {
        let way = egressClaims.way(of: address)
        if state.egress.ways[address] != way {
            state.egress.ways[address] = way
            changes.egressWays.insert(address)
            changes.strandsEgress = true
        }
        let translation = egressClaims.translation(of: address)
        if let before = state.egress.translations[address], before != translation { changes.strandsEgress = true }
        if state.egress.translations[address] != translation {
            state.egress.translations[address] = translation
            changes.egressTranslations.insert(address)
        }
    }

    private func claim(of pod: ObjectKey) -> EgressClaims.Claim {
        var claim = EgressClaims.Claim()
        guard let answer = egress[pod] else { return claim }
        let isLocal = localObjects[pod] != nil
        for address in egress.addresses(of: pod) {
            let active = answer.active.filter { $0.address.family == address.family }
            let own = active.first { $0.holder == nodeName }
            if let own { claim.translations[address] = own.address }
            if isLocal { claim.ways[address] = own != nil ? .here : way(through: active.map(\.holder), address.family) }
        }
        return claim
    }

    private func way(through holders: [String], _ family: IPAddress.Family) -> EgressWay {
        let wanted = Set(holders)
        let reached = state.remoteNodes.filter { node in
            wanted.contains(node.name) && state.overlayGateway(to: node, family) != nil
        }
        return reached.isEmpty ? .closed : .through(reached.map(\.name))
    }

    /// With which address a selected pod leaves by each node: the first of the node's in the owner's order.
    package func egressSources(of address: IPAddress) -> [String: IPAddress] {
        guard case .pod(let pod, _, _) = engine.identity(of: address), let answer = egress[pod] else { return [:] }
        let active = answer.active.filter { $0.address.family == address.family }
        return Dictionary(active.map { ($0.holder, $0.address) }) { first, _ in first }
    }

    /// Why selected pods of this node may lack source addresses, in words for people.
    package var egressProblems: [String] {
        let local = localObjects.keys.filter { interfaces[$0] != nil }
        var problems = egress.problems(of: local)
        let holders = Set(local.flatMap { egress[$0]?.active.map(\.holder) ?? [] }).subtracting([nodeName])
        for holder in holders.sorted() where !isReached(holder) {
            problems.append(
                "EgressNode \(holder): the overlay leads to no such node: connections do not leave with its addresses")
        }
        return problems
    }

    private func isReached(_ name: String) -> Bool {
        state.remoteNodes.contains { node in
            node.name == name && IPAddress.Family.allCases.contains { state.overlayGateway(to: node, $0) != nil }
        }
    }
}

extension NodeState {
    /// The address behind which the overlay leads to another node for packets of a family; nil if it does not.
    package func overlayGateway(to remote: RemoteNode, _ family: IPAddress.Family) -> IPAddress? {
        guard let own = node?.tunnelEndpoint, let far = remote.tunnelEndpoint, own.family == far.family else {
            return nil
        }
        return remote.subnets.first { $0.family == family }?.address
    }
}
