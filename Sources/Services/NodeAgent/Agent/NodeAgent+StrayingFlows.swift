import ConntrackDriver
import DatapathCompiler
import NetworkTypes
import NodeModel
import PolicyEngine

extension NodeAgent {
    /// Connections that leave the cluster with a source address, or by a node, that their pod does not leave with or by any more.
    ///
    /// The rules see to new connections; to the kernel these are decided. What is still right goes on untouched.
    func strayingAmong(_ entries: ArraySlice<ConntrackEntry>) -> [ConntrackEntry] {
        let egress = model.state.egress
        let inside = Inside(model.state, localAddresses)
        return entries.filter { entry in
            let source = entry.original.source
            guard inside.isPod(source), !inside.contains(entry.reply.source) else { return false }
            let isTranslated = entry.reply.destination == egress.translations[source]
            // Other nodes' pods come out of the overlay to leave by here.
            guard compiler.holds(source) else { return !isTranslated }
            guard let marks = compiler.egressMarks(of: source) else { return EgressMarks.isEgress(entry.mark) }
            return !marks.contains(entry.mark) || DatapathCompiler.leavesHere(entry.mark) && !isTranslated
        }
    }
}

/// Where connections go that do not leave the cluster, or ask for this machine's metadata.
private struct Inside {
    private let networks: [CIDR]
    private let addresses: Set<IPAddress>

    init(_ state: NodeState, _ local: Set<IPAddress>) {
        let subnets = (state.node?.subnets ?? []) + state.remoteNodes.flatMap(\.subnets)
        let ranges = state.clusterRanges
        networks = ranges + subnets.filter { subnet in !ranges.contains { $0.contains(subnet) } }
        addresses = local.union(state.node?.hostAddresses ?? []).union(state.remoteNodes.flatMap(\.hostAddresses))
            .union(MetadataGuard.addresses)
    }

    func isPod(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }

    func contains(_ address: IPAddress) -> Bool { addresses.contains(address) || isPod(address) }
}
