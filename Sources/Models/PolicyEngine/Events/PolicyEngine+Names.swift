package import EgressNames
package import NetworkTypes

/// What was learned of names, by whoever asks servers: `docs/design/egress-names.md`.
extension PolicyEngine {
    /// What became different in the addresses of names; of selectors that no policy mentions yet, too.
    package mutating func learn(_ delta: NameSetDelta) {
        guard !delta.isEmpty else { return }
        partyChanges &+= 1
        for (selector, gone) in delta.removed { for address in gone { learn(address, of: selector, isMember: false) } }
        for (selector, new) in delta.added { for address in new { learn(address, of: selector, isMember: true) } }
    }

    private mutating func learn(_ address: IPAddress, of selector: NameSelector, isMember: Bool) {
        if isMember {
            learnedNames[selector, default: []].insert(address)
        } else {
            learnedNames[selector]?.remove(address)
            if learnedNames[selector]?.isEmpty == true { learnedNames[selector] = nil }
        }
        if let slot = nameSets[selector] { change(slot, address, isMember: isMember) }
    }

    /// As if every pod had been told that a name has an address, for questions about what is not known yet.
    package mutating func suppose(_ name: DomainName, has address: IPAddress) {
        partyChanges &+= 1
        for selector in nameSets.keys where selector.matches(name) { learn(address, of: selector, isMember: true) }
    }

    /// An address outside that policies say nothing about but what they say about everything: the first from one that is for
    /// documentation on which is in no range narrower than its family, in no exception of one, and nobody's.
    ///
    /// Nil if there is none.
    package func plainAddress(_ family: IPAddress.Family, except others: [CIDR]) -> IPAddress? {
        let ranges = (narrowRanges + others).filter { $0.family == family }
        var candidate = family == .v4 ? IPAddress(v4: 0xC000_0201) : IPAddress("2001:db8::1")
        // Each step leaves a range behind for good.
        for _ in 0...ranges.count {
            guard let address = candidate else { return nil }
            guard let range = ranges.filter({ $0.contains(address) }).max(by: { $0.lastAddress < $1.lastAddress })
            else {
                return address
            }
            candidate = range.lastAddress.advanced(by: 1)
        }
        return nil
    }

    private var narrowRanges: [CIDR] {
        var ranges: [CIDR] = []
        for slot in sets.slots {
            guard let set = sets[slot] else { continue }
            switch set.definition {
            case .networks(let blocks):
                for block in blocks { ranges += block.network.prefixLength == 0 ? block.holes : [block.network] }
            case .nodes, .pods, .names: ranges += set.addresses.map { CIDR(host: $0) }
            case .named: break
            }
        }
        let pods = podKeys.flatMap { addresses(of: .pod($0)) }
        let nodes = nodeObjects.values.flatMap(\.addresses)
        return ranges + (pods + nodes).map { CIDR(host: $0) }
    }

    /// The selectors of names that policies mention now, by the set of each.
    package var nameSelectors: [PeerSetID: NameSelector] {
        var selectors: [PeerSetID: NameSelector] = [:]
        for (selector, slot) in nameSets { if let id = sets[slot]?.id { selectors[id] = selector } }
        return selectors
    }

    /// The selectors that the egress rules of a pod mention.
    package func nameSelectors(of policy: EndpointPolicy) -> Set<NameSelector> {
        guard !nameSets.isEmpty else { return [] }
        return Set((policy.egress?.peerSets ?? []).compactMap(\.nameSelector))
    }
}

extension PeerSetID {
    /// Nil for sets of another kind.
    package var nameSelector: NameSelector? { kind == .names ? NameSelector(definition) : nil }
}
