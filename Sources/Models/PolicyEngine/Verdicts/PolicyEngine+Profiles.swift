package import ClusterAPI
package import NetworkTypes

extension PolicyEngine {
    /// Every pod, sorted.
    package var podKeys: [ObjectKey] { podSlots.keys.sorted() }

    /// The labels of a pod; none for a pod that is unknown.
    package func labels(of pod: ObjectKey) -> [String: String] { record(of: pod)?.facts.labels ?? [:] }

    /// The address of the node that a pod reports; nil for none.
    package func hostAddress(of pod: ObjectKey) -> IPAddress? { record(of: pod)?.facts.hostAddress }

    /// Whether an address is neither a pod's nor a node's.
    package func isOutside(_ address: IPAddress) -> Bool {
        if case .external = endpoint(at: address).kind { return true }
        return false
    }

    /// The node of an address that is a node's and no pod's.
    package func node(at address: IPAddress) -> String? {
        if case .node(let name) = endpoint(at: address).kind { return name }
        return nil
    }

    /// The name of the node that a pod runs on; empty if it is not known.
    package func node(of pod: ObjectKey) -> String { record(of: pod)?.facts.node ?? "" }

    /// Whether an end of a flow is the node that a pod runs on, or something in its host network, and packets can go
    /// between them.
    package func isOwnNode(of pod: ObjectKey, _ other: Party) -> Bool {
        guard let facts = record(of: pod)?.facts, !facts.isHostNetwork, !facts.node.isEmpty,
            case .success(let (_, end)) = endpoints(of: Flow(from: .pod(pod), to: other, transport: .icmp, port: nil)),
            case .node(let name) = end.kind
        else { return false }
        return name == facts.node || end.address.map { nodes.isAddress($0, of: facts.node) } ?? false
    }

    /// The first address of each family, as a flow uses them; empty for a pod that has none or that cannot be reached.
    package func addresses(of party: Party) -> [IPAddress] {
        guard case .pod(let key) = party else {
            guard case .address(let address) = party else { return [] }
            return [address]
        }
        guard let record = record(of: key), record.facts.endPhase == nil else { return [] }
        var families: Set<IPAddress.Family> = []
        let all = record.facts.isHostNetwork ? record.facts.addresses : record.owned
        return all.filter { families.insert($0.family).inserted }
    }

    /// The blocks that rules name: every network set with its disjoint networks, and for every set of nodes or names those of
    /// its addresses that are no node's as far as packets go, such as a host name that is an address; where pods may reach
    /// the cloud's metadata, its addresses.
    package var networkSets: [[CIDR]] {
        let metadata = policySlots.keys.contains { $0.kind == .metadataAccess }
        return (metadata ? [MetadataGuard.addresses.sorted().map { CIDR(host: $0) }] : [])
            + addressSlots.compactMap { slot in
                guard let set = sets[slot] else { return nil }
                switch set.definition {
                case .nodes, .names: break
                case .networks, .pods, .named: return set.networks
                }
                return set.addresses.filter(isOutside).sorted().map { CIDR(host: $0) }
            }
    }

    /// The sets that an end is in by its address, whoever has it.
    private var addressSlots: [Int] {
        sets.slots.filter { slot in
            switch sets[slot]?.definition {
            case .networks, .nodes, .names: true
            case .pods, .named, nil: false
            }
        }
    }

    private func record(of pod: ObjectKey) -> PodRecord? { podSlots[pod].flatMap { pods[$0] } }

    /// The profiles of some ends, in their order.
    package func profiles(of parties: [Party]) -> [PartyProfile] {
        let slots = addressSlots
        let names = Set(namedSets.filter { !$0.value.isEmpty }.keys)
        return parties.map { profile(of: $0, addressSlots: slots, names: names) }
    }

    private func profile(of party: Party, addressSlots: [Int], names: Set<NamedPort>) -> PartyProfile {
        var policy = EndpointPolicy.open
        var memberships: [Int] = []
        var namedPorts: [NamedPort: [UInt16]] = [:]
        let standing: PartyProfile.Standing
        switch endpoints(of: Flow(from: party, to: party, transport: .icmp, port: nil)) {
        case .failure: standing = .unreachable
        case .success(let (end, _)):
            switch end.kind {
            case .node: standing = .node
            case .external: standing = .external
            case .pod(let slot):
                standing = .pod
                if let record = pods[slot] {
                    policy = endpointPolicy(for: record.facts.key)
                    memberships = record.sets
                    namedPorts = record.facts.namedPorts.filter { names.contains($0.key) }
                }
            }
        }
        let seen: [PartyProfile.Address] = addresses(of: party).map { address in
            let end = Endpoint(kind: .external, address: address)
            return PartyProfile.Address(
                family: address.family, sets: addressSlots.filter { isMember(end, of: $0) },
                isMetadata: MetadataGuard.addresses.contains(address))
        }
        let peer = PartyProfile.Peer(
            standing: standing, addresses: standing == .unreachable ? [] : seen, sets: memberships,
            namedPorts: namedPorts)
        return PartyProfile(peer: peer, policy: policy)
    }
}
