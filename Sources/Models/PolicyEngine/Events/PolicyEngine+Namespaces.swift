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
        index(name)
        setScopes(matchingScopes(name), of: name)
        enterNetwork(name)
    }

    mutating func forgetNamespaceIfEmpty(_ name: String) {
        guard namespaces[name]?.isForgettable == true else { return }
        unindex(name)
        setScopes([], of: name)
        namespaces[name] = nil
        leaveNetwork(name)
    }

    private mutating func relabel(_ name: String, _ labels: NamespaceLabels) {
        guard let before = namespaces[name], before.labels != labels else { return }
        partyChanges &+= 1
        unindex(name)
        namespaces[name]?.labels = labels
        index(name)
        let matching = matchingScopes(name)
        guard matching != before.scopes else { return }
        setScopes(matching, of: name)
        for pod in before.pods { refresh(pod) }
        // The name of the rule that closes them says in which zones they are.
        if !zones.isEmpty { stalePods.formUnion(before.pods) }
    }

    private mutating func index(_ name: String) {
        guard let labels = namespaces[name]?.labels else { return }
        for (key, value) in labels.known {
            namespacesByLabel[LabelPair(key: key, value: value), default: []].insert(name)
        }
        if !labels.isComplete { unseenNamespaces.insert(name) }
    }

    private mutating func unindex(_ name: String) {
        unseenNamespaces.remove(name)
        for (key, value) in namespaces[name]?.labels.known ?? [:] {
            let pair = LabelPair(key: key, value: value)
            namespacesByLabel[pair]?.remove(name)
            if namespacesByLabel[pair]?.isEmpty == true { namespacesByLabel[pair] = nil }
        }
    }
}
