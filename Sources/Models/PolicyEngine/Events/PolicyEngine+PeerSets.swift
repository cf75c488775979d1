import ClusterAPI
import NetworkTypes

extension PolicyEngine {
    /// The slot of a set, made and filled if nobody referred to it; counts one more use.
    mutating func acquire(_ definition: PeerSetDefinition) -> Int {
        let id = definition.id
        let slot = setSlots[id] ?? make(definition, id)
        sets[slot]?.uses += 1
        return slot
    }

    /// Counts one use less; the last one takes the set away.
    mutating func release(_ slot: Int) {
        sets[slot]?.uses -= 1
        guard let record = sets[slot], record.uses == 0 else { return }
        setSlots[record.id] = nil
        changedSets.remove(slot)
        createdSets.remove(slot)
        if !record.isNew { removedSets.insert(record.id) }
        switch record.definition {
        case .networks: break
        case .names(let selector): nameSets[selector] = nil
        case .nodes(let selector): nodeSets.remove(slot, selector)
        case .pods(let scope, let selector):
            for pod in affectedPods(scope, selector) { pods[pod]?.sets.removeAll { $0 == slot } }
            guard let scopeSlot = record.scope else { break }
            scopes[scopeSlot]?.index.remove(slot, selector)
            leaveIfUnused(scopeSlot)
        case .named(let port, _):
            namedSets[port]?.remove(slot, on: record.target)
            if namedSets[port]?.isEmpty == true { namedSets[port] = nil }
            for element in record.ports {
                if let pod = addresses.owner(of: element.address) { pods[pod]?.portElements[slot] = nil }
            }
        }
        sets.remove(slot)
        if let target = record.target { release(target) }
    }

    private mutating func make(_ definition: PeerSetDefinition, _ id: PeerSetID) -> Int {
        let slot = sets.insert(PeerSetRecord(id: id, definition: definition))
        setSlots[id] = slot
        createdSets.insert(slot)
        switch definition {
        case .networks(let blocks):
            sets[slot]?.networks = blocks.flattened
            if id.kind == .hosts { sets[slot]?.addresses = Set(blocks.map(\.network.address)) }
        case .names(let selector):
            nameSets[selector] = slot
            sets[slot]?.addresses = learnedNames[selector] ?? []
        case .nodes(let selector):
            nodeSets.insert(slot, selector)
            let members = addresses(ofNodes: selector)
            sets[slot]?.addresses = members
        case .pods(let scope, let selector): fill(slot, scope, selector)
        case .named(let port, let target):
            fill(slot, port, on: target)
        }
        return slot
    }

    private mutating func fill(_ slot: Int, _ scope: NamespaceScope, _ selector: LabelSelector) {
        let scopeSlot = enter(scope)
        sets[slot]?.scope = scopeSlot
        scopes[scopeSlot]?.index.insert(slot, selector)
        for pod in affectedPods(scope, selector) {
            guard let facts = pods[pod]?.facts, facts.isPeer, selector.matches(facts.labels) else { continue }
            let owned = pods[pod]?.owned ?? []
            pods[pod]?.sets.insertSorted(slot)
            sets[slot]?.addresses.formUnion(owned)
        }
    }

    private mutating func fill(_ slot: Int, _ port: NamedPort, on target: PeerSetDefinition?) {
        var candidates: [Int] = []
        var members: Int?
        switch target {
        case nil, .named: candidates = pods.slots
        case .networks(let blocks)?:
            sets[slot]?.networks = blocks.flattened
            candidates = pods.slots
        case .nodes?, .names?: members = target.map { acquire($0) }
        case .pods(let scope, let selector)?:
            members = target.map { acquire($0) }
            candidates = affectedPods(scope, selector)
        }
        sets[slot]?.target = members
        namedSets[port, default: NamedPortSets()].insert(slot, on: members)
        for pod in candidates {
            guard let record = pods[pod], let numbers = record.facts.namedPorts[port] else { continue }
            if let members, !record.sets.containsSorted(members) { continue }
            let addresses = members == nil ? addresses(record.owned, in: slot) : record.owned
            let elements = Self.elements(port, numbers, at: addresses)
            if elements.isEmpty { continue }
            pods[pod]?.portElements[slot] = elements
            sets[slot]?.ports.formUnion(elements)
        }
    }
}
