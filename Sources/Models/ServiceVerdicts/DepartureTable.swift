import ClusterAPI
import EgressSelection
import NetworkTypes
import PolicyEngine

/// How pods leave the cluster, as every node computes it from the same objects.
struct DepartureTable: Sendable {
    private let selection: EgressSelection
    private let clusterRanges: [CIDR]

    init(_ objects: ServiceObjects) {
        var selection = objects.egress
        _ = selection.settle()
        self.selection = selection
        clusterRanges = objects.clusterRanges
    }

    /// Nil for pods that are their node to others.
    func departure(
        of pod: ObjectKey, on node: String?, to address: IPAddress, _ objects: ServiceObjects
    ) -> Departure? {
        if clusterRanges.contains(where: { $0.contains(address) }) { return nil }
        return selection.departure(
            of: pod, on: node, address.family, knowsHolders: objects.knowsEgressNodes, isReached: objects.isReached)
    }
}

extension ServiceJudge {
    /// Nil for what does not leave the cluster, and for what no pod opens.
    func departure(_ client: Client, _ flow: Flow) -> Departure? {
        guard client.isPod, case .address(let address) = flow.to, let pod = pod(client.party),
            case .external = engine.identity(of: address)
        else { return nil }
        let node = client.node.flatMap { $0.isEmpty ? nil : $0 }
        return departures.departure(of: pod, on: node, to: address, objects)
    }

    private func pod(_ party: Party) -> ObjectKey? {
        switch party {
        case .pod(let key): return key
        case .address(let address):
            guard case .pod(let key, _, _) = engine.identity(of: address) else { return nil }
            return key
        }
    }
}
