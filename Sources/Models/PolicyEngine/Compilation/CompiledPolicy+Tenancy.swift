import ClusterAPI

extension CompiledPolicy {
    /// What holds for the pods of one network: those of the same network and the global ones are left to the next tiers,
    /// all other pods are denied.
    ///
    /// The pods of other nodes get their addresses before this node hears of it: until then, an address in the pods' ranges
    /// that is no known pod's is taken for one of another network.
    init(_ network: ProjectNetwork, ranges: [AddressBlock]) {
        place = PolicyPlace(tier: .tenancy, priority: 0, policy: PolicyReference(network))
        subject = PolicySubject(namespaces: .network(network), pods: LabelSelector())
        var friends = [PeerSetDefinition.pods(.network(network), LabelSelector())]
        // The global projects do not know of one without an id that it is no stranger to them.
        if case .id = network { friends.append(.pods(.network(.global), LabelSelector())) }
        var strangers = [PeerSetDefinition.pods(.matching(LabelSelector()), LabelSelector())]
        if !ranges.isEmpty { strangers.append(.networks(ranges)) }
        let rules = [Self.rule(.pass, friends), Self.rule(.deny, strangers)]
        ingress = rules
        egress = rules
        diagnostics = []
    }

    private static func rule(_ action: RuleAction, _ peers: [PeerSetDefinition]) -> CompiledRule {
        CompiledRule(index: nil, name: nil, action: action, peers: peers, ports: .all, namedSets: [])
    }
}

extension PolicyReference {
    init(_ network: ProjectNetwork) {
        self.init(.netNamespace, ObjectKey(namespace: "", name: network.name))
    }
}
