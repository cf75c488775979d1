import ClusterAPI

extension PolicyEngine {
    /// The slot of a scope, made and filled if it was not there.
    mutating func enter(_ scope: NamespaceScope) -> Int {
        if let known = scopeSlots[scope] { return known }
        let slot = scopes.insert(ScopeRecord(scope: scope))
        scopeSlots[scope] = slot
        switch scope {
        case .named, .network: break
        case .matching(let selector): scopeIndex.insert(slot, selector)
        case .doubtful: doubtfulScopes.insert(slot)
        case .notInOne: countingScopes.insert(slot)
        }
        for name in candidates(scope) where isInside(name, scope) {
            namespaces[name]?.scopes.insert(slot)
            scopes[slot]?.namespaces.insert(name)
        }
        return slot
    }

    /// Takes a scope away that neither sets nor policies are about.
    mutating func leaveIfUnused(_ slot: Int) {
        guard let record = scopes[slot], record.isUnused else { return }
        scopeSlots[record.scope] = nil
        switch record.scope {
        case .named, .network: break
        case .matching(let selector): scopeIndex.remove(slot, selector)
        case .doubtful: doubtfulScopes.remove(slot)
        case .notInOne: countingScopes.remove(slot)
        }
        for name in record.namespaces { namespaces[name]?.scopes.remove(slot) }
        scopes.remove(slot)
    }

    /// The known namespaces that may be in a scope.
    private func candidates(_ scope: NamespaceScope) -> [String] {
        switch scope {
        case .named(let name): namespaces[name] == nil ? [] : [name]
        case .matching(let selector):
            selector.requiredLabel.map { Array(namespacesByLabel[$0] ?? []) } ?? Array(namespaces.keys)
        case .doubtful: Array(unseenNamespaces)
        case .network(let network): Array(tenancy.members(of: network))
        case .notInOne: Array(namespaces.keys)
        }
    }

    /// The scopes that a namespace is in.
    func matchingScopes(_ name: String) -> Set<Int> {
        var matching: Set<Int> = []
        guard let labels = namespaces[name]?.labels else { return matching }
        scopeIndex.forEachCandidate(labels.known) { slot in
            if let scope = scopes[slot]?.scope, isInside(name, scope) { matching.insert(slot) }
        }
        for slot in labels.isComplete ? countingScopes : countingScopes.union(doubtfulScopes) {
            if let scope = scopes[slot]?.scope, isInside(name, scope) { matching.insert(slot) }
        }
        if let own = scopeSlots[.named(name)] { matching.insert(own) }
        if let network = scopeSlots[.network(tenancy.network(of: name))] { matching.insert(network) }
        return matching
    }

    /// Brings a namespace into exactly these scopes.
    mutating func setScopes(_ new: Set<Int>, of name: String) {
        let before = namespaces[name]?.scopes ?? []
        for slot in before.subtracting(new) { scopes[slot]?.namespaces.remove(name) }
        for slot in new.subtracting(before) { scopes[slot]?.namespaces.insert(name) }
        namespaces[name]?.scopes = new
    }

    /// The pods in a scope that a selector may match; the scope is entered, or names a namespace.
    func affectedPods(_ scope: NamespaceScope, _ selector: LabelSelector) -> [Int] {
        if case .named(let name) = scope { return Array(namespaces[name]?.candidates(selector) ?? []) }
        guard let slot = scopeSlots[scope], let record = scopes[slot] else { return [] }
        return record.namespaces.flatMap { Array(namespaces[$0]?.candidates(selector) ?? []) }
    }
}
