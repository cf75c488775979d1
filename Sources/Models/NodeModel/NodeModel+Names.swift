package import ClusterAPI
package import EgressNames
package import NetworkTypes
import PolicyEngine
import ServiceModel

/// Names in policies: which of them local pods mention, and what was learned of them by another process.
extension NodeModel {
    /// Takes lines of the journal of what was learned.
    package mutating func follow(_ lines: some Sequence<LearnedLine>) {
        var delta = NameSetDelta()
        for line in lines { names.follow(line, &delta) }
        learn(delta)
    }

    /// The names that a pod was told an address of.
    package func names(of address: IPAddress, toldTo pod: ObjectKey) -> [DomainName] {
        names.names(of: address, toldTo: pod)
    }

    /// The addresses of the cluster's own name servers, as pods ask them.
    package var nameServers: [IPAddress] {
        [
            ObjectKey(namespace: "kube-system", name: "kube-dns"),
            ObjectKey(namespace: "openshift-dns", name: "dns-default"),
        ]
        .flatMap { services.addresses(of: $0) }
    }

    /// Who has the right to teach which names, in the engines as in the state.
    mutating func refreshMentions(_ changes: inout EngineChanges) {
        var keys = Set(dirtyInterfaces.compactMap { (attachments[$0] ?? state.pods[$0]?.attachment)?.pod })
        keys.formUnion(dirtyInterfaces.compactMap { state.pods[$0]?.attachment.pod })
        if stagedNamesRevision != staging.revision {
            stagedNamesRevision = staging.revision
            keys.formUnion(interfaces.keys)
        }
        for key in keys { mention(selectors(mentionedBy: key), by: key) }
        changes.formUnion(members: engine.drainChanges())
    }

    private func selectors(mentionedBy key: ObjectKey) -> Set<NameSelector> {
        guard interfaces[key] != nil else { return [] }
        let staged = staging.engine.map { $0.nameSelectors(of: $0.endpointPolicy(for: key)) } ?? []
        return engine.nameSelectors(of: engine.endpointPolicy(for: key)).union(staged)
    }

    private mutating func mention(_ selectors: Set<NameSelector>, by key: ObjectKey) {
        guard state.mentions[key] ?? [] != selectors else { return }
        state.mentions[key] = selectors.isEmpty ? nil : selectors
        learn(names.mention(selectors, by: key))
    }

    private mutating func learn(_ delta: NameSetDelta) {
        if !delta.isEmpty { tell { $0.learn(delta) } }
    }
}

extension EngineChanges {
    /// Adds what a later drain says of members; what both say something about is read again.
    fileprivate mutating func formUnion(members later: EngineChanges) {
        for (id, change) in later.memberChanges {
            if memberChanges.removeValue(forKey: id) != nil || createdSets.contains(id) {
                createdSets.insert(id)
            } else {
                memberChanges[id] = change
            }
        }
    }
}
