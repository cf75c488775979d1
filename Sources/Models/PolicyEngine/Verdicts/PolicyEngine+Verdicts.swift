import ClusterAPI
package import NetworkTypes

extension PolicyEngine {
    /// Whether a connection may be opened, and what decides it on either side.
    package func verdict(for flow: Flow) -> Verdict {
        switch endpoints(of: flow) {
        case .failure(let unreachable): return Verdict(.deny(.unreachable(unreachable.reason)))
        case .success(let (from, to)): return judge(from, to, flow.transport, flow.port)
        }
    }

    /// The verdict for a packet's addresses, as the kernel sees them after translation of the destination.
    package func verdict(
        source: IPAddress, destination: IPAddress, transport: TransportProtocol, port: UInt16?
    ) -> Verdict {
        judge(endpoint(at: source), endpoint(at: destination), transport, port)
    }

    private func judge(
        _ from: Endpoint, _ to: Endpoint, _ transport: TransportProtocol, _ port: UInt16?
    ) -> Verdict {
        if let exempt = exemption(from, to) ?? exemption(to, from) { return Verdict(.allow(exempt)) }
        return Verdict(
            egress: decide(.egress, for: from, other: to, transport, port),
            ingress: decide(.ingress, for: to, other: from, transport, port))
    }

    /// What policies have no say in: a pod and its own node, and a pod and itself.
    func exemption(_ end: Endpoint, _ other: Endpoint) -> RuleID? {
        guard case .pod(let slot) = end.kind, let facts = pods[slot]?.facts else { return nil }
        switch other.kind {
        case .pod(slot): return .itself(facts.key)
        case .pod, .external: return nil
        case .node(let node):
            if facts.node.isEmpty { return nil }
            let isOwn = facts.node == node || other.address.map { nodes.isAddress($0, of: facts.node) } ?? false
            return isOwn ? .ownNode(pod: facts.key, node: facts.node) : nil
        }
    }

    private func decide(
        _ direction: Direction, for end: Endpoint, other: Endpoint, _ transport: TransportProtocol, _ port: UInt16?
    ) -> Decision {
        switch end.kind {
        case .node(let name): return .allow(.node(name))
        case .external: return end.address.map { .allow(.external($0)) } ?? .allow(.node(""))
        case .pod(let slot):
            guard let record = pods[slot] else { return .deny(.unreachable("the pod is gone")) }
            return decide(direction, for: record, other: other, transport, port)
        }
    }

    /// Every selecting policy is looked at, so that the first of a tier is the reason, whatever the order of events was.
    private func decide(
        _ direction: Direction, for record: PodRecord, other: Endpoint, _ transport: TransportProtocol,
        _ port: UInt16?
    ) -> Decision {
        if let closed = metadataDenial(direction, record, other, transport, port) { return .deny(closed) }
        var isSelected = false
        var isIsolated = false
        var first = [MatchingRule?](repeating: nil, count: Tier.allCases.count)
        let target = direction == .ingress ? record : pod(other)
        for slot in record.policies {
            guard let policy = policies[slot], let rules = policy[direction] else { continue }
            let tier = policy.place.tier
            guard isEnforced(tier) else { continue }
            isSelected = true
            if tier == .networkPolicy { isIsolated = true }
            if let known = first[tier.rawValue], policies[known.policy].map({ $0.place < policy.place }) ?? false {
                continue
            }
            let isDoubted = isDoubted(slot, record)
            for (index, rule) in rules.enumerated() {
                guard let action = isDoubted ? rule.action.doubted : rule.action,
                    matches(rule, other, target, transport, port)
                else { continue }
                first[tier.rawValue] = MatchingRule(policy: slot, rule: index, action: action)
                break
            }
        }
        if let match = first[Tier.tenancy.rawValue], match.action == .deny,
            case .tenancy(let network, _)? = policies[match.policy]?.source
        {
            return .deny(separation(network, of: record, and: other, direction))
        }
        return decide(first, isIsolated, direction, for: record)
            ?? .allow(
                isSelected ? .noTierDecides(record.facts.key, direction) : .notSelected(record.facts.key, direction))
    }

    /// The first rule of a tier that matches.
    private struct MatchingRule {
        let policy: Int
        /// Its place among the policy's compiled rules.
        let rule: Int
        let action: RuleAction
    }

    /// The NetworkPolicies that isolate a pod, ascending.
    private func isolating(_ record: PodRecord, _ direction: Direction) -> [ObjectKey] {
        record.policies.compactMap { slot in
            guard let outline = policies[slot]?.outline, outline.tier == .networkPolicy, outline.touches(direction)
            else {
                return nil
            }
            return policies[slot]?.reference.key
        }.sorted()
    }

    /// Nil if no tier decides.
    private func decide(
        _ first: [MatchingRule?], _ isIsolated: Bool, _ direction: Direction, for record: PodRecord
    ) -> Decision? {
        for tier in Tier.allCases {
            if let match = first[tier.rawValue], match.action != .pass {
                guard let policy = policies[match.policy], let rule = policy[direction]?[match.rule] else { continue }
                return Decision(allowed: match.action == .allow, rule: id(of: rule, in: policy, direction, for: record))
            }
            if tier == .networkPolicy, isIsolated {
                return .deny(.defaultDeny(direction, isolating(record, direction)))
            }
        }
        return nil
    }

    func pod(_ end: Endpoint) -> PodRecord? {
        guard case .pod(let slot) = end.kind else { return nil }
        return pods[slot]
    }

    func matches(
        _ rule: RuleRecord, _ other: Endpoint, _ target: PodRecord?, _ transport: TransportProtocol, _ port: UInt16?
    ) -> Bool {
        let hasPort =
            rule.ports.isAll || rule.ports.matchNumber(transport, port)
            || rule.ports.named.contains { name in
                guard name.transport == transport, let port else { return false }
                return target?.facts.namedPorts[name]?.contains(port) ?? false
            }
        guard hasPort else { return false }
        guard let peers = rule.peers else { return true }
        return peers.contains { isMember(other, of: $0) }
    }

    func isMember(_ end: Endpoint, of set: Int) -> Bool {
        // Records of sets are large, and stay where they are.
        switch sets[set]?.definition {
        case .networks?: return end.address.map { sets[set]?.networks.covers($0) ?? false } ?? false
        case .nodes?, .names?: return end.address.map { sets[set]?.addresses.contains($0) ?? false } ?? false
        case .pods?, .named?: break
        case nil: return false
        }
        guard case .pod(let slot) = end.kind else { return false }
        return pods[slot]?.sets.containsSorted(set) ?? false
    }
}
