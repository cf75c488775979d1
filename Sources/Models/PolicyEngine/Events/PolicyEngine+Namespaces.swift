package import ClusterAPI

extension PolicyEngine {
    package mutating func upsert(_ namespace: Namespace) {
        let name = namespace.metadata.name ?? ""
        makeNamespace(name)
        namespaces[name]?.hasObject = true
        relabel(name, NamespaceLabels(namespace))
    }

    /// The namespace goes on as one without an object while something is in it.
    package mutating func removeNamespace(_ name: String) {
        guard namespaces[name] != nil else { return }
        namespaces[name]?.hasObject = false
        relabel(name, NamespaceLabels(withoutObject: name, in: input))
        forgetNamespaceIfEmpty(name)
    }

    /// Enters a namespace that something is in, without an object so far.
    mutating func makeNamespace(_ name: String) {
        guard namespaces[name] == nil else { return }
        namespaces[name] = NamespaceRecord(labels: NamespaceLabels(withoutObject: name, in: input))
        let scopes = matchingScopes(name)
        namespaces[name]?.scopes = scopes
    }

    mutating func forgetNamespaceIfEmpty(_ name: String) {
        if namespaces[name]?.isForgettable == true { namespaces[name] = nil }
    }

    private mutating func relabel(_ name: String, _ labels: NamespaceLabels) {
        guard let before = namespaces[name], before.labels != labels else { return }
        namespaces[name]?.labels = labels
        let matching = matchingScopes(name)
        // Sets of named ports look at the namespace's labels themselves.
        guard matching != before.scopes || !namedSets.isEmpty else { return }
        namespaces[name]?.scopes = matching
        for pod in before.pods { refresh(pod) }
    }

    private func matchingScopes(_ name: String) -> Set<Int> {
        var matching = selectorScopes.filter { slot in scopes[slot].map { isInside(name, $0.scope) } ?? false }
        if let own = scopeSlots[.named(name)] { matching.insert(own) }
        return matching
    }
}
