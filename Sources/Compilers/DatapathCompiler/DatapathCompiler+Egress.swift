import NFTables
package import NetworkTypes
import NodeModel

extension DatapathCompiler {
    /// The node that connections go to, by their mark.
    package func egressTargets(here name: String) -> [UInt32: String] {
        var targets = Dictionary(egressMarks.map { ($0.value, $0.key) }) { first, _ in first }
        targets[EgressMarks.here] = name
        return targets
    }

    /// The ways of selected pods out of the cluster: their elements, chains, and routes to the nodes that hold addresses.
    mutating func compileEgress(_ state: NodeState, _ changes: NodeChanges, _ delta: inout DatapathDelta) {
        guard changes.topology || !changes.egressWays.isEmpty || !changes.egressTranslations.isEmpty else { return }
        if changes.topology { egressMarks = EgressMarks.numbers(of: state.remoteNodes.map(\.name)) }
        let addresses = changes.topology ? changes.egressWays.union(egressWays.keys) : changes.egressWays
        for address in addresses { compileWay(of: address, state.egress.ways[address], &delta) }
        for address in changes.egressTranslations {
            let value = state.egress.translations[address].map { NamedMap.Value.data(ElementKey(.address($0))) }
            setElement(
                value, at: ElementKey(.address(address)), of: KernelNames.egressAddresses(address.family), &delta)
        }
        let prerouting = egressWays.isEmpty ? nil : EgressBaseChains.prerouting
        if datapath.table.chains[KernelNames.egressPrerouting] != prerouting {
            datapath.table.chains[KernelNames.egressPrerouting] = prerouting
            delta.chains.insert(KernelNames.egressPrerouting)
        }
        linkTopology(state, &delta)
    }

    private mutating func compileWay(of address: IPAddress, _ way: EgressWay?, _ delta: inout DatapathDelta) {
        let old = egressWays[address]
        let new = way.map { CompiledWay($0, egressMarks) }
        guard old != new else { return }
        egressWays[address] = new
        if let chain = new?.chain { retain(chain, &delta) }
        setElement(
            new.map { .verdict(.goto($0.target)) }, at: ElementKey(.address(address)),
            of: KernelNames.egressWays(address.family), &delta)
        if let chain = old?.chain { release(chain, &delta) }
    }

    private mutating func retain(_ chain: EgressChain, _ delta: inout DatapathDelta) {
        retain(chain.chain, chain.name, &delta)
        guard chainUsers[chain.name] == 1, let choices = chain.choices else { return }
        datapath.table.maps[chain.name] = choices
        delta.maps.insert(chain.name)
    }

    private mutating func release(_ chain: EgressChain, _ delta: inout DatapathDelta) {
        release(chain.name, &delta)
        guard chainUsers[chain.name] == nil, datapath.table.maps[chain.name] != nil else { return }
        datapath.table.maps[chain.name] = nil
        delta.maps.insert(chain.name)
    }

    /// The nodes that selected pods of this node leave by, with their marks.
    var egressHolders: [String: UInt32] {
        let used = Set(egressWays.values.flatMap(\.marks))
        return egressMarks.filter { used.contains($0.value) }
    }

    /// The marks that connections from an address to the outside may have; nil if no selected pod of this node has it.
    package func egressMarks(of address: IPAddress) -> Set<UInt32>? { egressWays[address].map { Set($0.marks) } }

    /// Whether connections with this mark leave by this node.
    package static func leavesHere(_ mark: UInt32) -> Bool { mark == EgressMarks.here }

    /// A way by the marks of its nodes.
    struct CompiledWay: Hashable {
        /// Ascending.
        let marks: [UInt32]

        init(_ way: EgressWay, _ numbers: [String: UInt32]) {
            let found: [UInt32] =
                switch way {
                case .closed: []
                case .here: [EgressMarks.here]
                case .through(let nodes): nodes.compactMap { numbers[$0] }.sorted()
                }
            marks = found.isEmpty ? [EgressMarks.closed] : found
        }

        /// Nil for the ways that are always there.
        var chain: EgressChain? {
            marks == [EgressMarks.closed] || marks == [EgressMarks.here] ? nil : EgressChain(marks: marks)
        }

        var target: Name {
            if let chain { return chain.name }
            return marks == [EgressMarks.here] ? KernelNames.egressHere : KernelNames.egressClosed
        }
    }
}
