import ClusterAPI
import NetworkTypes

/// A rule in the engine: its compiled form with its peer sets in their slots.
struct RuleRecord: Sendable {
    /// The place in the policy's list; nil for a policy of which nothing can be read.
    let index: Int?
    let name: String?
    let action: RuleAction
    /// Slots of address and network sets; nil for everyone.
    let peers: [Int]?
    let ports: CompiledPorts
    /// Egress only: slots of the sets that hold `ports.named` on `peers`.
    let namedSets: [Int]
    /// The ids of `peers` and of `namedSets`, ascending: every pod's resolved form has them.
    let peerIDs: [PeerSetID]?
    let namedIDs: [PeerSetID]
    /// For the rules of zones, what they are called.
    var zone: ZoneRuleID?
}

extension RuleRecord {
    /// What it comes to for a pod with these numbers for named ports, which matter for ingress only.
    func resolved(
        _ id: RuleID, _ action: RuleAction, _ direction: Direction, _ numbers: [NamedPort: [UInt16]]
    ) -> [ResolvedRule] {
        let peers = peerIDs.map { ResolvedRule.Peers.sets($0) } ?? .everyone
        if ports.isAll { return [ResolvedRule(id: id, action: action, peers: peers, ports: .all)] }
        var matches = ports.numbered
        if direction == .ingress, !ports.named.isEmpty {
            for port in ports.named {
                matches += (numbers[port] ?? []).map { PortMatch(port.transport, PortRange($0)) }
            }
            matches = Set(matches).sorted()
        }
        var rules: [ResolvedRule] = []
        if !matches.isEmpty { rules.append(ResolvedRule(id: id, action: action, peers: peers, ports: .ports(matches))) }
        if !namedSets.isEmpty {
            rules.append(ResolvedRule(id: id, action: action, peers: .sets(namedIDs), ports: .ofPeers))
        }
        return rules
    }
}

extension RuleID {
    /// Nil for what depends on the pod: a rule that closes pods without a zone.
    init?(_ rule: RuleRecord, _ direction: Direction, of place: PolicyPlace, _ source: PolicySource) {
        let policy = place.policy
        if place.tier == .zones {
            guard let zone = rule.zone else { return nil }
            self = .zone(zone)
        } else if policy.kind == .networkPolicy {
            self = .networkPolicy(policy.key, direction, index: rule.index ?? 0)
        } else if place.tier == .egressFirewall {
            let part = rule.index.map(EgressRuleID.Part.rule) ?? (rule.action == .pass ? .inside : .closed)
            self = .egressFirewall(EgressRuleID(policy, part))
        } else if case .tenancy(let network, _) = source {
            self = .tenancy(TenancyRuleID(network))
        } else {
            self = .clusterPolicy(
                ClusterRuleID(
                    kind: policy.kind, policy: policy.key.name, tier: place.tier, direction: direction,
                    index: rule.index, name: rule.name))
        }
    }
}
