import ClusterAPI
import NetworkTypes

extension PolicyEngine {
    /// Brings a pod's memberships to the given ones, touching only the sets and elements that differ.
    mutating func applyMembership(of slot: Int, owned: [IPAddress], sets new: [Int], ports: [Int: Set<PeerPort>]) {
        guard let record = pods[slot] else { return }
        if record.owned != owned || record.sets != new {
            let before = Set(record.sets)
            let after = Set(new)
            for set in before.union(after) {
                let had = before.contains(set) ? record.owned : []
                let has = after.contains(set) ? owned : []
                for address in had where !has.contains(address) { change(set, address, isMember: false) }
                for address in has where !had.contains(address) { change(set, address, isMember: true) }
            }
            pods[slot]?.owned = owned
            pods[slot]?.sets = new
        }
        guard record.portElements != ports else { return }
        for set in Set(record.portElements.keys).union(ports.keys) {
            let had = record.portElements[set] ?? []
            let has = ports[set] ?? []
            for element in had.subtracting(has) { change(set, element, isMember: false) }
            for element in has.subtracting(had) { change(set, element, isMember: true) }
        }
        pods[slot]?.portElements = ports
    }

    /// A pod's elements in every set of named ports, given the selector sets that it belongs to.
    func portElements(_ facts: PodFacts, owned: [IPAddress], matched: [Int]) -> [Int: Set<PeerPort>] {
        guard !owned.isEmpty, !namedSets.isEmpty else { return [:] }
        var elements: [Int: Set<PeerPort>] = [:]
        for (port, numbers) in facts.namedPorts {
            guard let known = namedSets[port] else { continue }
            for set in known.others {
                let found = Self.elements(port, numbers, at: addresses(owned, in: set))
                if !found.isEmpty { elements[set] = found }
            }
            if numbers.isEmpty || known.onMembers.isEmpty { continue }
            let all = Self.elements(port, numbers, at: owned)
            for members in matched {
                if let set = known.onMembers[members] { elements[set] = all }
            }
        }
        return elements
    }

    /// Those of a pod's addresses that a set of named ports on any pod, or on networks, is about.
    func addresses(_ owned: [IPAddress], in set: Int) -> [IPAddress] {
        guard case .named(_, .networks)? = sets[set]?.definition else { return owned }
        return owned.filter { sets[set]?.networks.covers($0) ?? false }
    }

    static func elements(
        _ port: NamedPort, _ numbers: [UInt16], at addresses: [IPAddress]
    ) -> Set<PeerPort> {
        var elements: Set<PeerPort> = []
        for address in addresses {
            for number in numbers {
                elements.insert(PeerPort(address: address, transport: port.transport, port: number))
            }
        }
        return elements
    }

    /// Whether a namespace is certainly in a scope, or for a doubtful one, perhaps.
    func isInside(_ namespace: String, _ scope: NamespaceScope) -> Bool {
        switch scope {
        case .named(let name): name == namespace
        case .matching(let selector): namespaces[namespace].map { selector.match($0.labels).isCertain } ?? false
        case .doubtful(let selector): namespaces[namespace].map { selector.match($0.labels) == .unknown } ?? false
        case .network(let network): tenancy.network(of: namespace) == network
        case .notInOne(let selectors): namespaces[namespace].map { !$0.labels.areInOne(of: selectors) } ?? false
        }
    }

    mutating func change(_ set: Int, _ address: IPAddress, isMember: Bool) {
        sets[set]?.change(address, isMember: isMember)
        changedSets.insert(set)
    }

    private mutating func change(_ set: Int, _ element: PeerPort, isMember: Bool) {
        sets[set]?.change(element, isMember: isMember)
        changedSets.insert(set)
    }
}
