import NFTables
import NetworkTypes
import NodeModel
import PolicyEngine

extension DatapathCompiler {
    mutating func retain(_ use: PolicyUse, _ state: NodeState, _ delta: inout DatapathDelta) {
        if policies[use] != nil {
            policies[use]?.users += 1
            return
        }
        let parts = use.parts.map { retain($0, state, &delta) }
        let own = PolicyChains.entry(use.policy, use.direction, parts)
        let entry = own?.entry ?? parts.first?.entry ?? KernelNames.closedPod
        policies[use] = PolicyRecord(own: own, entry: entry, users: 1)
        if let own { retain(own, state, &delta) }
    }

    mutating func release(_ use: PolicyUse, _ delta: inout DatapathDelta) {
        guard let record = policies[use] else { return }
        guard record.users == 1 else {
            policies[use]?.users -= 1
            return
        }
        policies[use] = nil
        if let own = record.own { release(own, &delta) }
        for part in use.parts { release(part, &delta) }
    }

    private mutating func retain(_ use: PartUse, _ state: NodeState, _ delta: inout DatapathDelta) -> PolicyChains {
        if let known = parts[use] {
            parts[use]?.users += 1
            return known.chains
        }
        let chains = PolicyChains.of(use.part, use.direction) { state.peerSets[$0]?.named ?? [] }
        parts[use] = PartRecord(chains: chains, users: 1)
        retain(chains, state, &delta)
        return chains
    }

    private mutating func release(_ use: PartUse, _ delta: inout DatapathDelta) {
        guard let record = parts[use] else { return }
        guard record.users == 1 else {
            parts[use]?.users -= 1
            return
        }
        parts[use] = nil
        release(record.chains, &delta)
    }

    private mutating func retain(_ made: PolicyChains, _ state: NodeState, _ delta: inout DatapathDelta) {
        for group in made.groups { retain(group, state, &delta) }
        for (name, chain) in made.chains { retain(chain, name, &delta) }
    }

    private mutating func release(_ made: PolicyChains, _ delta: inout DatapathDelta) {
        for name in made.chains.keys { release(name, &delta) }
        for group in made.groups { release(group, &delta) }
    }

    /// A chain that others may use too.
    mutating func retain(_ chain: @autoclosure () -> Chain, _ name: Name, _ delta: inout DatapathDelta) {
        chainUsers[name, default: 0] += 1
        guard chainUsers[name] == 1 else { return }
        datapath.table.chains[name] = chain()
        delta.chains.insert(name)
    }

    mutating func release(_ name: Name, _ delta: inout DatapathDelta) {
        guard let users = chainUsers[name] else { return }
        chainUsers[name] = users > 1 ? users - 1 : nil
        guard users == 1 else { return }
        datapath.table.chains[name] = nil
        delta.chains.insert(name)
    }

    private mutating func retain(_ group: SetGroup, _ state: NodeState, _ delta: inout DatapathDelta) {
        groupUsers[group, default: 0] += 1
        guard groupUsers[group] == 1 else { return }
        freshGroups.insert(group)
        if group.kind == .names { nameGroups.insert(group) }
        for id in group.members { groupsBySet[id, default: []].insert(group) }
        for family in IPAddress.Family.allCases {
            let elements = SetElements.all(of: group, family, state.peerSets)
            datapath.table.sets[group.kernelName(family)] = NamedSet(
                definition: group.definition(family), elements: elements)
            delta.changeSet(group.kernelName(family))
        }
    }

    private mutating func release(_ group: SetGroup, _ delta: inout DatapathDelta) {
        guard let users = groupUsers[group] else { return }
        groupUsers[group] = users > 1 ? users - 1 : nil
        guard users == 1 else { return }
        nameGroups.remove(group)
        for id in group.members {
            groupsBySet[id]?.remove(group)
            if groupsBySet[id]?.isEmpty == true { groupsBySet[id] = nil }
        }
        for family in IPAddress.Family.allCases {
            datapath.table.sets[group.kernelName(family)] = nil
            delta.changeSet(group.kernelName(family))
        }
    }

    /// Carries a peer set's members over to the groups that were in use before this update.
    ///
    /// Those of names are in the kernel before the agent hears of them; here they are what a set begins with that is made again.
    mutating func updateSet(
        _ set: PeerSetID, _ state: NodeState, _ changes: NodeChanges,
        _ delta: inout DatapathDelta
    ) {
        for group in groupsBySet[set] ?? [] where !freshGroups.contains(group) {
            for family in IPAddress.Family.allCases {
                let name = group.kernelName(family)
                guard var elements = datapath.table.sets[name]?.elements else { continue }
                datapath.table.sets[name]?.elements = []
                if let change = changes.memberChanges[set], group.kind != .networks {
                    let made = SetElements.apply(change, of: set, to: &elements, group, family, state.peerSets)
                    if group.kind != .names { delta.changeElements(of: name, made) }
                } else {
                    elements = SetElements.all(of: group, family, state.peerSets)
                    if group.kind != .names { delta.changeSet(name) }
                }
                datapath.table.sets[name]?.elements = elements
            }
        }
    }
}

extension PeerSetMembers {
    /// As networks, if that is what they are or single addresses.
    fileprivate var named: [CIDR] {
        switch self {
        case .addresses(let addresses): addresses.map(CIDR.init(host:))
        case .networks(let networks): networks
        case .ports: []
        }
    }
}
