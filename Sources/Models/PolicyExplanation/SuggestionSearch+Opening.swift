import ClusterAPI
import NetworkTypes
import PolicyEngine

extension SuggestionSearch {
    /// What may turn a deny of one end into an allow.
    func opening(_ explained: DirectionExplanation) -> [Candidate] {
        guard let pod = explained.end.pod, !explained.decision.allowed,
            let deciding = explained.tiers.first(where: { $0.outcome == .decided(explained.decision) })
        else { return [] }
        var candidates: [Candidate] = []
        for tier in explained.tiers where tier.tier <= deciding.tier {
            for rule in tier.rules where rule.isAsked && rule.action == .allow && !rule.matches {
                candidates += nearly(rule, explained)
            }
            for policy in tier.unselected where policy.action == .allow {
                candidates += subjectLabels(policy, explained.end)
            }
        }
        switch deciding.tier {
        case .metadata: candidates += metadataAccess(for: explained.end)
        case .networkPolicy:
            if let policy = deciding.policies.first { candidates += newRule(in: policy, explained) }
            candidates.append(newPolicy(for: pod, explained))
        case .baseline:
            candidates.append(newPolicy(for: pod, explained))
            candidates += insertedRule(deciding, explained)
        default: candidates += insertedRule(deciding, explained)
        }
        return candidates
    }

    /// What would make a rule match that nearly does.
    private func nearly(_ rule: RuleExplanation, _ explained: DirectionExplanation) -> [Candidate] {
        if rule.peers.isEmpty { return openPort(rule, explained) }
        guard rule.ports.isEmpty else { return [] }
        return rule.peers.compactMap { labels($0.differences, explained.other) } + newPeer(rule, explained)
    }

    private func openPort(_ rule: RuleExplanation, _ explained: DirectionExplanation) -> [Candidate] {
        guard rule.policy.kind == .networkPolicy, let index = rule.index, let number = explanation.flow.port,
            var policy = engine.networkPolicy(rule.policy.key)
        else { return [] }
        let transport = explanation.flow.transport
        let port = NetworkPolicyPort(protocol: transport.rawValue, port: .int(Int(number)))
        policy.spec?.changeRule(explained.direction, index) { _, ports in ports = (ports ?? []) + [port] }
        let step = "open port \(number)/\(transport.rawValue) in \(rule.id)"
        return [Candidate(.port, [step], [.networkPolicy(policy)])]
    }

    private func newPeer(_ rule: RuleExplanation, _ explained: DirectionExplanation) -> [Candidate] {
        guard rule.policy.kind == .networkPolicy, let index = rule.index,
            var policy = engine.networkPolicy(rule.policy.key)
        else { return [] }
        let before = policy
        var candidates: [Candidate] = []
        for case .inException(let hole, let block) in rule.peers.flatMap(\.differences) {
            var cut = before
            cut.spec?.changeRule(explained.direction, index) { peers, _ in
                peers = peers?.map { $0.without(exception: hole, of: block) }
            }
            let step = "take \(hole) out of the exceptions of \(block) in \(rule.id)"
            candidates.append(Candidate(.exception, [step], [.networkPolicy(cut)]))
        }
        guard let peer = NetworkPolicyPeer(explained.other, in: rule.policy.key.namespace) else { return candidates }
        policy.spec?.changeRule(explained.direction, index) { peers, _ in peers = (peers ?? []) + [peer] }
        let step = "add to \(rule.id) the peer: \(explained.other.peerText)"
        return candidates + [Candidate(.peer, [step], [.networkPolicy(policy)])]
    }

    /// One more rule in a policy that isolates the pod already.
    private func newRule(in reference: PolicyReference, _ explained: DirectionExplanation) -> [Candidate] {
        guard var policy = engine.networkPolicy(reference.key),
            let peer = NetworkPolicyPeer(explained.other, in: reference.key.namespace)
        else { return [] }
        policy.spec?.addRule(explained.direction, peer, ports)
        let step =
            "add to \(reference) an \(explained.direction.rawValue) rule: "
            + "\(explained.direction.preposition) \(explained.other.peerText), \(portText)"
        return [Candidate(.rule, [step], [.networkPolicy(policy)])]
    }

    /// A policy of its own, which isolates the pod if nothing did before.
    private func newPolicy(for pod: ObjectKey, _ explained: DirectionExplanation) -> Candidate {
        let selected = explained.end.selectingLabels
        var spec = NetworkPolicySpec(
            podSelector: LabelSelector(matchLabels: selected),
            policyTypes: [explained.direction == .ingress ? .ingress : .egress])
        let peer = NetworkPolicyPeer(explained.other, in: pod.namespace)
        if let peer { spec.addRule(explained.direction, peer, ports) }
        let name = "allow-\(explained.direction.rawValue)-of-\(pod.name)"
        let policy = NetworkPolicy(metadata: ObjectMeta(name: name, namespace: pod.namespace), spec: spec)
        let step =
            "create a NetworkPolicy in namespace \(pod.namespace) that selects \(LabelSelector(matchLabels: selected)) "
            + "and allows \(explained.direction.rawValue) \(explained.direction.preposition) "
            + "\(explained.other.peerText), \(portText)"
        return Candidate(.policy, [step], [.networkPolicy(policy)])
    }

    private var ports: [NetworkPolicyPort]? {
        explanation.flow.port.map {
            [NetworkPolicyPort(protocol: explanation.flow.transport.rawValue, port: .int(Int($0)))]
        }
    }

    var portText: String {
        let transport = explanation.flow.transport.rawValue
        return explanation.flow.port.map { "port \($0)/\(transport)" } ?? "without ports (\(transport) has none)"
    }
}
