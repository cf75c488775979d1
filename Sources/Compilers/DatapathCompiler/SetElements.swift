import NFTables
import NetworkTypes
import PolicyEngine

/// The elements of one set in the kernel.
enum SetElements {
    /// All elements of a group, of one family.
    static func all(
        of group: SetGroup, _ family: IPAddress.Family, _ members: [PeerSetID: PeerSetMembers]
    ) -> Set<ElementKey> {
        switch group.kind {
        case .networks:
            var networks: [CIDR] = []
            for case .networks(let some)? in group.members.map({ members[$0] }) {
                networks += some.filter { $0.family == family }
            }
            return ElementKey.networks(networks)
        case .addresses, .hosts, .names, .ports:
            var elements: Set<ElementKey> = []
            for id in group.members {
                guard let set = members[id] else { continue }
                elements.formUnion(keys(set, family))
            }
            return elements
        }
    }

    /// Applies what came and went in one of the group's sets; an element that another of its sets still has stays.
    ///
    /// Returns what that changed.
    static func apply(
        _ change: PeerSetChange, of set: PeerSetID, to elements: inout Set<ElementKey>, _ group: SetGroup,
        _ family: IPAddress.Family, _ members: [PeerSetID: PeerSetMembers]
    ) -> ElementDelta {
        var made = ElementDelta()
        let others = group.members.filter { $0 != set }.compactMap { members[$0] }
        switch change.removed {
        case .addresses(let gone):
            for address in gone where address.family == family && !others.contains(where: { $0.has(address) }) {
                if let gone = elements.remove(ElementKey(.address(address))) { made.removed.insert(gone) }
            }
        case .ports(let gone):
            for port in gone where port.address.family == family && !others.contains(where: { $0.has(port) }) {
                if let gone = elements.remove(key(port)) { made.removed.insert(gone) }
            }
        case .networks: break
        }
        for key in keys(change.added, family) where elements.insert(key).inserted { made.added.insert(key) }
        return made
    }

    private static func keys(_ members: PeerSetMembers, _ family: IPAddress.Family) -> [ElementKey] {
        switch members {
        case .addresses(let addresses):
            addresses.compactMap { $0.family == family ? ElementKey(.address($0)) : nil }
        case .networks(let networks):
            networks.compactMap { $0.family == family ? ElementKey(.network($0)) : nil }
        case .ports(let ports): ports.compactMap { $0.address.family == family ? key($0) : nil }
        }
    }

    private static func key(_ port: PeerPort) -> ElementKey {
        ElementKey(.address(port.address), .transport(port.transport, port.address.family), .port(port.port))
    }
}

extension PeerSetMembers {
    fileprivate func has(_ address: IPAddress) -> Bool {
        guard case .addresses(let members) = self else { return false }
        return members.contains(address)
    }

    fileprivate func has(_ port: PeerPort) -> Bool {
        guard case .ports(let members) = self else { return false }
        return members.contains(port)
    }
}
