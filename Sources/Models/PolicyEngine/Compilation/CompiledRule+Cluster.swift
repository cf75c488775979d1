import ClusterAPI
import EgressNames
import NetworkTypes

extension CompiledRule {
    /// A rule of which only that it denies can be relied on.
    static func everythingDenied(_ index: Int?, _ name: String? = nil) -> CompiledRule {
        CompiledRule(
            index: index, name: name, action: .deny, peers: nil, ports: .all, namedSets: [])
    }

    /// A valid rule.
    ///
    /// In a live cluster it may be unknown whether a pod is a peer. Then an allowing rule is not about it; a denying one is,
    /// and so is one that passes, but denies it: what comes after might allow what the next tier would not.
    static func rules(
        _ index: Int, _ direction: Direction, _ action: RuleAction, _ rule: ClusterPolicyForm.Rule,
        _ input: PolicyEngine.Input
    ) -> [CompiledRule] {
        let certain = definitions(rule.peers)
        let doubtful = input == .live && action != .allow ? certain.compactMap(\.doubtful) : []
        func make(_ action: RuleAction, _ peers: [PeerSetDefinition]) -> [CompiledRule] {
            // Only names that cannot be read as peers: about nobody.
            if peers.isEmpty { return [] }
            let ports = rule.ports.map { CompiledPorts($0) } ?? .all
            return [
                CompiledRule(
                    index: index, name: rule.name, action: action, peers: peers, ports: ports,
                    namedSets: direction == .egress ? ports.sets(on: peers) : [])
            ]
        }
        return action == .pass
            ? make(.pass, certain) + make(.deny, doubtful) : make(action, certain + doubtful)
    }

    /// What is left of the rule where it is unclear whether it holds: it may deny, and must not let through.
    var doubted: CompiledRule? {
        action.doubted.map {
            CompiledRule(index: index, name: name, action: $0, peers: peers, ports: ports, namedSets: namedSets)
        }
    }

    private static func definitions(_ peers: [ClusterPolicyPeer]) -> [PeerSetDefinition] {
        var blocks: Set<AddressBlock> = []
        var definitions: [PeerSetDefinition] = []
        for peer in peers {
            if let networks = peer.networks {
                blocks.formUnion(networks.compactMap { CIDR($0) }.map { AddressBlock(network: $0, holes: []) })
            }
            for name in (peer.domainNames ?? []).compactMap({ try? NameDialect.networkPolicyAPI.pattern($0) }) {
                let definition = PeerSetDefinition.names(NameSelector(name))
                if !definitions.contains(definition) { definitions.append(definition) }
            }
            guard let definition = definition(peer), !definitions.contains(definition) else { continue }
            definitions.append(definition)
        }
        return definitions + PeerSetDefinition.of(blocks)
    }

    private static func definition(_ peer: ClusterPolicyPeer) -> PeerSetDefinition? {
        if let nodes = peer.nodes { return .nodes(nodes.normalized) }
        if let namespaces = peer.namespaces { return .pods(.matching(namespaces.normalized), LabelSelector()) }
        return peer.pods.map { pods in
            .pods(
                .matching((pods.namespaceSelector ?? LabelSelector()).normalized),
                (pods.podSelector ?? LabelSelector()).normalized)
        }
    }
}

extension RuleAction {
    /// Nil for a rule that must not be believed at all.
    var doubted: RuleAction? {
        switch self {
        case .allow: nil
        case .deny, .pass: .deny
        }
    }
}

extension PeerSetDefinition {
    /// Those of whom it is unknown whether they belong here; nil if that is always known.
    fileprivate var doubtful: PeerSetDefinition? {
        guard case .pods(.matching(let namespaces), let pods) = self, !namespaces.asksNameOnly else { return nil }
        return .pods(.doubtful(namespaces), pods)
    }
}

extension LabelSelector {
    /// Whether a namespace's name decides: that one knows before the namespace is seen.
    var asksNameOnly: Bool {
        let name = NamespaceLabels.nameKey
        return (matchLabels ?? [:]).keys.allSatisfy { $0 == name }
            && (matchExpressions ?? []).allSatisfy { $0.key == name }
    }
}

extension CompiledPorts {
    fileprivate init(_ ports: [ClusterPolicyForm.Port]) {
        var numbered: Set<PortMatch> = []
        var named: Set<NamedPort> = []
        for port in ports {
            switch port {
            case .numbered(let match): numbered.insert(match)
            case .named(let name):
                for transport in TransportProtocol.allCases where transport.hasPorts {
                    named.insert(NamedPort(name: name, transport: transport))
                }
            }
        }
        self.init(numbered: numbered, named: named)
    }
}
