import ClusterAPI
import NetworkTypes

/// One valid entry of `ingress` or `egress`.
struct CompiledRule {
    let index: Int
    /// Address and network sets; nil for everyone.
    let peers: [PeerSetDefinition]?
    let ports: CompiledPorts
    /// Egress only: the named ports on the peers.
    let namedSets: [PeerSetDefinition]

    init(
        _ index: Int, _ direction: Direction, peers: [NetworkPolicyPeer]?, ports: [NetworkPolicyPort]?,
        in namespace: String
    ) {
        self.index = index
        self.ports = CompiledPorts(ports ?? [])
        self.peers = (peers ?? []).isEmpty ? nil : Self.definitions(peers ?? [], in: namespace)
        let targets = self.peers.map { $0.map(PeerSetDefinition?.some) } ?? [nil]
        namedSets =
            direction == .egress
            ? self.ports.named.flatMap { port in targets.map { PeerSetDefinition.named(port, on: $0) } } : []
    }

    /// One set per selector peer, and one for all blocks together.
    private static func definitions(_ peers: [NetworkPolicyPeer], in namespace: String) -> [PeerSetDefinition] {
        var blocks: Set<AddressBlock> = []
        var definitions: [PeerSetDefinition] = []
        for peer in peers {
            if let block = peer.ipBlock {
                if let network = CIDR(block.cidr) {
                    let holes = Set((block.except ?? []).compactMap { CIDR($0) }).sorted()
                    blocks.insert(AddressBlock(network: network, holes: holes))
                }
            } else {
                let scope = peer.namespaceSelector.map { NamespaceScope.matching($0.normalized) }
                let pods = (peer.podSelector ?? LabelSelector()).normalized
                let definition = PeerSetDefinition.pods(scope ?? .named(namespace), pods)
                if !definitions.contains(definition) { definitions.append(definition) }
            }
        }
        return blocks.isEmpty ? definitions : definitions + [.networks(blocks.sorted())]
    }
}

/// The `ports` of a rule.
struct CompiledPorts: Sendable {
    /// No `ports`, or an empty list: every protocol, ICMP too.
    let isAll: Bool
    let numbered: [PortMatch]
    let named: [NamedPort]

    init(_ ports: [NetworkPolicyPort]) {
        isAll = ports.isEmpty
        var numbered: Set<PortMatch> = []
        var named: Set<NamedPort> = []
        for port in ports {
            guard let transport = TransportProtocol(rawValue: port.protocol ?? "TCP") else { continue }
            switch port.port {
            case nil: numbered.insert(PortMatch(transport, .all))
            case .string(let name): named.insert(NamedPort(name: name, transport: transport))
            case .int(let first):
                if let first = UInt16(exactly: first), let last = UInt16(exactly: port.endPort ?? Int(first)),
                    let range = PortRange(first, through: last)
                {
                    numbered.insert(PortMatch(transport, range))
                }
            }
        }
        self.numbered = numbered.sorted()
        self.named = named.sorted()
    }

    /// Whether a numbered port matches; without a port number only entries that name none do.
    func matchNumber(_ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        numbered.contains { match in
            guard match.transport == transport else { return false }
            return match.range == .all || port.map(match.range.contains) ?? false
        }
    }
}
