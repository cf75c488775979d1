import ClusterAPI
import NetworkTypes

/// One entry of `ingress` or `egress`.
struct CompiledRule: Hashable, Sendable {
    /// Nil for a policy of which nothing can be read.
    let index: Int?
    let name: String?
    let action: RuleAction
    /// Address and network sets; nil for everyone.
    let peers: [PeerSetDefinition]?
    let ports: CompiledPorts
    /// Egress only: the named ports on the peers.
    let namedSets: [PeerSetDefinition]
    /// For the rules of zones, what they are called.
    var zone: ZoneRuleID?

    init(
        index: Int?, name: String?, action: RuleAction, peers: [PeerSetDefinition]?, ports: CompiledPorts,
        namedSets: [PeerSetDefinition], zone: ZoneRuleID? = nil
    ) {
        self.zone = zone
        self.index = index
        self.name = name
        self.action = action
        self.peers = peers
        self.ports = ports
        self.namedSets = namedSets
    }

    /// A valid rule of a NetworkPolicy.
    init(
        _ index: Int, _ direction: Direction, peers: [NetworkPolicyPeer]?, ports: [NetworkPolicyPort]?,
        in namespace: String
    ) {
        self.index = index
        name = nil
        action = .allow
        self.ports = CompiledPorts(ports ?? [])
        self.peers = (peers ?? []).isEmpty ? nil : Self.definitions(peers ?? [], in: namespace)
        namedSets = direction == .egress ? self.ports.sets(on: self.peers) : []
    }

    /// One set per selector peer, and at most two for all blocks together.
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
        return definitions + PeerSetDefinition.of(blocks)
    }
}

/// The ports of a rule.
struct CompiledPorts: Hashable, Sendable {
    /// No `ports`: every protocol, ICMP too.
    let isAll: Bool
    let numbered: [PortMatch]
    let named: [NamedPort]

    static let all = CompiledPorts(isAll: true, numbered: [], named: [])

    init(isAll: Bool = false, numbered: Set<PortMatch>, named: Set<NamedPort>) {
        self.isAll = isAll
        self.numbered = numbered.sorted()
        self.named = named.sorted()
    }

    /// An empty list is every protocol and port.
    init(_ ports: [NetworkPolicyPort]) {
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
        self.init(isAll: ports.isEmpty, numbered: numbered, named: named)
    }

    /// The sets that hold the named ports on these peers, or on any pod.
    func sets(on peers: [PeerSetDefinition]?) -> [PeerSetDefinition] {
        let targets = peers.map { $0.map(PeerSetDefinition?.some) } ?? [nil]
        return named.flatMap { port in targets.map { PeerSetDefinition.named(port, on: $0) } }
    }

    /// Whether a numbered port matches; without a port number only entries that name none do.
    func matchNumber(_ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        numbered.contains { match in
            guard match.transport == transport else { return false }
            return match.range == .all || port.map(match.range.contains) ?? false
        }
    }
}
