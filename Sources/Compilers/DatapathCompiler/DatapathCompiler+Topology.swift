import NFTables
import NetworkTypes
import NodeModel

extension DatapathCompiler {
    /// Everything that depends on nodes, ranges and the overlay's port only.
    mutating func compileTopology(_ state: NodeState, _ delta: inout DatapathDelta) {
        for (name, chain) in BaseChains.all(state) where datapath.table.chains[name] != chain {
            datapath.table.chains[name] = chain
            delta.chains.insert(name)
        }
        for family in IPAddress.Family.allCases {
            for (name, set) in topologySets(state, family) where datapath.table.sets[name] != set {
                datapath.table.sets[name] = set
                delta.changeSet(name)
            }
            let address = DataType.address(family)
            let sources = KernelNames.sources(family)
            if datapath.table.sets[sources] == nil {
                datapath.table.sets[sources] = NamedSet(.interfaceName, .etherAddress, address)
                delta.changeSet(sources)
            }
            let hairpins = KernelNames.hairpins(family)
            if datapath.table.sets[hairpins] == nil {
                datapath.table.sets[hairpins] = NamedSet(address, address)
                delta.changeSet(hairpins)
            }
            let readers = KernelNames.metadataAccess(family)
            if datapath.table.sets[readers] == nil {
                datapath.table.sets[readers] = NamedSet(address)
                delta.changeSet(readers)
            }
            for (name, map) in Self.serviceMaps(family) where datapath.table.maps[name] == nil {
                datapath.table.maps[name] = map
                delta.maps.insert(name)
            }
            let egressMaps = [
                KernelNames.egressWays(family): NamedMap(address, verdicts: [:]),
                KernelNames.egressAddresses(family): NamedMap(address, to: [address]),
            ]
            for (name, map) in egressMaps where datapath.table.maps[name] == nil {
                datapath.table.maps[name] = map
                delta.maps.insert(name)
            }
            for map in [KernelNames.egressMap(family), KernelNames.ingressMap(family)]
            where datapath.table.maps[map] == nil {
                datapath.table.maps[map] = NamedMap(address, verdicts: [:])
                delta.maps.insert(map)
            }
        }
    }

    /// The overlay, the ways to other nodes, and those by which selected pods leave the cluster.
    mutating func linkTopology(_ state: NodeState, _ delta: inout DatapathDelta) {
        let links = LinkCompiler.topology(state, egressHolders: egressHolders)
        guard links != datapath.topologyLinks else { return }
        datapath.topologyLinks = links
        delta.topologyLinks = true
    }

    private func topologySets(_ state: NodeState, _ family: IPAddress.Family) -> [Name: NamedSet] {
        let address = DataType.address(family)
        func hosts(_ addresses: [IPAddress]) -> NamedSet {
            NamedSet(address, elements: ElementKey.addresses(addresses.filter { $0.family == family }))
        }
        func networks(_ networks: [CIDR]) -> NamedSet {
            NamedSet(
                address, flags: .interval, elements: ElementKey.networks(networks.filter { $0.family == family }))
        }
        let own = state.node?.hostAddresses ?? []
        let ownSubnets = state.node?.subnets ?? []
        let overlay = state.remoteNodes.filter { node in node.subnets.contains { $0.family == family } }
        return [
            KernelNames.tunnelEndpoints(family): hosts(state.remoteNodes.compactMap(\.tunnelEndpoint)),
            KernelNames.metadata(family): MetadataChains.addresses(family),
            KernelNames.hosts(family): hosts(own + state.remoteNodes.flatMap(\.hostAddresses)),
            KernelNames.overlayHosts(family): hosts(own + overlay.flatMap(\.hostAddresses)),
            KernelNames.clusterRanges(family): networks(
                state.clusterRanges + ownSubnets + state.remoteNodes.flatMap(\.subnets)),
            KernelNames.serviceRanges(family): networks(state.serviceRanges),
            KernelNames.nodePortRanges(family): networks(state.nodePortRanges),
            // The kernel itself drops IPv6's loopback address from elsewhere.
            KernelNames.ownAddresses(family): networks(
                ownSubnets + own.map { CIDR(host: $0) } + [ServiceBaseChains.loopback(.v4)]),
        ]
    }
}
