import NFTables
import NetworkTypes
import NodeModel
import PolicyEngine

/// The cloud's metadata addresses, closed to pods but for those in `metadata_access4` and `metadata_access6`.
///
/// Asked before any policy, by one look-up for the first packet of a connection.
enum MetadataChains {
    static let guardRules = IPAddress.Family.allCases.map { family in
        Rule(
            id: "cloud metadata", .lookup([.destinationAddress(family)], KernelNames.metadata(family)),
            .verdict(.jump(KernelNames.metadataGuard)))
    }

    static let chain = Chain(
        rules: [TransportProtocol.udp, .tcp].map { transport in
            Rule(
                id: "name service", .match(.layer4Protocol, .value(.transport(transport))),
                .match(.destinationPort, .value(.port(MetadataGuard.openPort))), .verdict(.return))
        }
            + IPAddress.Family.allCases.map { family in
                Rule(
                    id: "pods with a MetadataAccess",
                    .lookup([.sourceAddress(family)], KernelNames.metadataAccess(family)), .verdict(.return))
            } + [KernelNames.Drop.metadata.rule()])

    static func addresses(_ family: IPAddress.Family) -> NamedSet {
        NamedSet(
            .address(family),
            elements: ElementKey.addresses(MetadataGuard.addresses.filter { $0.family == family }.sorted()))
    }
}

extension DatapathCompiler {
    /// An address that was given twice is open only if all of its holders may.
    mutating func setMetadataAccess(_ address: IPAddress, _ delta: inout DatapathDelta) {
        let set = KernelNames.metadataAccess(address.family)
        let holders = holders[address] ?? []
        let isOpen = !holders.isEmpty && holders.allSatisfy { pods[$0]?.policy?.readsMetadata == true }
        let key = ElementKey(.address(address))
        guard datapath.table.sets[set]?.elements.contains(key) != isOpen else { return }
        var change = ElementDelta()
        if isOpen {
            datapath.table.sets[set]?.elements.insert(key)
            change.added = [key]
        } else {
            datapath.table.sets[set]?.elements.remove(key)
            change.removed = [key]
        }
        delta.changeElements(of: set, change)
    }
}
