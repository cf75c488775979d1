package import ClusterAPI
import NetworkTypes

/// What the content of a `DirectionPolicy` is a function of.
struct DirectionKey: Hashable, Sendable {
    let direction: Direction
    /// The generations of the policies that isolate the pod, ascending by slot.
    let generations: [Int]
    /// The pod's numbers for the named ports that those policies mention.
    let ports: [NamedPort: [UInt16]]
}

extension PolicyEngine {
    /// The rules of a pod; open for pods that are unknown, on the host network, or that no policy selects.
    package func endpointPolicy(for pod: ObjectKey) -> EndpointPolicy {
        guard let slot = podSlots[pod], let record = pods[slot] else { return .open }
        if !stalePods.contains(slot) { return record.told }
        return EndpointPolicy(ingress: compute(.ingress, record), egress: compute(.egress, record))
    }

    /// The same, remembering what was computed for the next pod with the same policies.
    mutating func resolve(_ record: PodRecord) -> EndpointPolicy {
        EndpointPolicy(ingress: remember(.ingress, record), egress: remember(.egress, record))
    }

    private mutating func remember(_ direction: Direction, _ record: PodRecord) -> DirectionPolicy? {
        guard let key = key(direction, record) else { return nil }
        if let known = resolved[key] { return known }
        let fresh = compute(direction, record)
        // Outdated versions would pile up: start again when they may outnumber the living.
        if resolved.count > 1024 + 2 * podSlots.count { resolved.removeAll() }
        resolved[key] = fresh
        return fresh
    }

    private func key(_ direction: Direction, _ record: PodRecord) -> DirectionKey? {
        var generations: [Int] = []
        var ports: [NamedPort: [UInt16]] = [:]
        for slot in record.policies {
            guard let policy = policies[slot], policy[direction] != nil else { continue }
            generations.append(policy.generation)
            guard direction == .ingress else { continue }
            for name in policy.ingressNames { ports[name] = record.facts.namedPorts[name] }
        }
        return generations.isEmpty ? nil : DirectionKey(direction: direction, generations: generations, ports: ports)
    }

    private func compute(_ direction: Direction, _ record: PodRecord) -> DirectionPolicy? {
        let isolating = record.policies.compactMap { policies[$0] }.filter { $0[direction] != nil }
            .sorted { $0.key < $1.key }
        guard !isolating.isEmpty else { return nil }
        var rules: [ResolvedRule] = []
        for policy in isolating {
            for rule in policy[direction] ?? [] {
                let id = RuleID.networkPolicy(policy.key, direction, index: rule.index)
                rules += resolve(rule, id, direction, record.facts.namedPorts)
            }
        }
        let keys = isolating.map(\.key)
        return DirectionPolicy(policies: keys, rules: rules, defaultDeny: .defaultDeny(direction, keys))
    }

    private func resolve(
        _ rule: RuleRecord, _ id: RuleID, _ direction: Direction, _ named: [NamedPort: [UInt16]]
    ) -> [ResolvedRule] {
        let peers = rule.peers.map { ResolvedRule.Peers.sets(ids($0)) } ?? .everyone
        if rule.ports.isAll { return [ResolvedRule(id: id, peers: peers, ports: .all)] }
        var matches = rule.ports.numbered
        if direction == .ingress {
            for port in rule.ports.named {
                matches += (named[port] ?? []).map { PortMatch(port.transport, PortRange($0)) }
            }
            matches = Set(matches).sorted()
        }
        var rules: [ResolvedRule] = []
        if !matches.isEmpty { rules.append(ResolvedRule(id: id, peers: peers, ports: .ports(matches))) }
        if !rule.namedSets.isEmpty {
            rules.append(ResolvedRule(id: id, peers: .sets(ids(rule.namedSets)), ports: .ofPeers))
        }
        return rules
    }

    private func ids(_ slots: [Int]) -> [PeerSetID] { slots.compactMap { sets[$0]?.id }.sorted() }
}
