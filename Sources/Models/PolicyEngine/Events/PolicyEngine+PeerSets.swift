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
        case .pods(let scope, let selector):
            for pod in affectedPods(scope, selector) { pods[pod]?.sets.removeAll { $0 == slot } }
            leave(scope, slot, selector)
        case .named(let port, _):
            namedSets[port]?.remove(slot)
            if namedSets[port]?.isEmpty == true { namedSets[port] = nil }
            for element in record.ports {
                if let pod = addresses.owner(of: element.address) { pods[pod]?.portElements[slot] = nil }
            }
        }
        sets.remove(slot)
    }

    private mutating func make(_ definition: PeerSetDefinition, _ id: PeerSetID) -> Int {
        let slot = sets.insert(PeerSetRecord(id: id, definition: definition))
        setSlots[id] = slot
        createdSets.insert(slot)
        switch definition {
        case .networks(let blocks): sets[slot]?.networks = blocks.flattened
        case .pods(let scope, let selector): fill(slot, scope, selector)
        case .named(let port, let target):
            if case .networks(let blocks)? = target { sets[slot]?.networks = blocks.flattened }
            namedSets[port, default: []].insert(slot)
            fill(slot, port)
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

    private mutating func fill(_ slot: Int, _ port: NamedPort) {
        for pod in pods.slots {
            guard let record = pods[pod], record.facts.namedPorts[port] != nil else { continue }
            let elements = portElements(record.facts, owned: record.owned, matched: record.sets)[slot] ?? []
            if elements.isEmpty { continue }
            pods[pod]?.portElements[slot] = elements
            sets[slot]?.ports.formUnion(elements)
        }
    }

    /// The pods in a scope that a selector may match.
    private func affectedPods(_ scope: NamespaceScope, _ selector: LabelSelector) -> [Int] {
        switch scope {
        case .named(let name): return Array(namespaces[name]?.candidates(selector) ?? [])
        case .matching:
            return namespaces.flatMap { name, namespace in
                isInside(name, scope) ? Array(namespace.candidates(selector)) : []
            }
        }
    }

    private mutating func enter(_ scope: NamespaceScope) -> Int {
        if let known = scopeSlots[scope] { return known }
        let slot = scopes.insert(ScopeRecord(scope: scope))
        scopeSlots[scope] = slot
        switch scope {
        case .named(let name): namespaces[name]?.scopes.insert(slot)
        case .matching:
            selectorScopes.insert(slot)
            for name in Array(namespaces.keys) where isInside(name, scope) { namespaces[name]?.scopes.insert(slot) }
        }
        return slot
    }

    private mutating func leave(_ scope: NamespaceScope, _ set: Int, _ selector: LabelSelector) {
        guard let slot = scopeSlots[scope] else { return }
        scopes[slot]?.index.remove(set, selector)
        guard scopes[slot]?.index.isEmpty == true else { return }
        scopeSlots[scope] = nil
        selectorScopes.remove(slot)
        switch scope {
        case .named(let name): namespaces[name]?.scopes.remove(slot)
        case .matching: for name in Array(namespaces.keys) { namespaces[name]?.scopes.remove(slot) }
        }
        scopes.remove(slot)
    }
}
