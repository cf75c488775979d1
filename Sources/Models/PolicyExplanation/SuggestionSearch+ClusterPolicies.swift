import ClusterAPI
import NetworkTypes
import PolicyEngine

extension SuggestionSearch {
    /// An allowing rule right before the one of a cluster-wide policy that denies.
    func insertedRule(_ tier: TierExplanation, _ explained: DirectionExplanation) -> [Candidate] {
        guard let rule = tier.rules.first(where: { $0.id == explained.decision.rule && $0.isAsked && $0.matches }),
            let index = rule.index, let peer = clusterPeer(explained.other, explained.direction),
            let edit = edit(rule.policy, explained.direction, index, peer) ?? edit(rule.policy, index, explained.other)
        else { return [] }
        let step =
            "insert before \(rule.id) a rule that allows \(explained.direction.preposition) "
            + "\(explained.other.peerText), \(portText)"
        return [Candidate(.clusterRule, [step], [edit])]
    }

    /// Ingress rules of these kinds know no addresses.
    private func clusterPeer(_ end: EndFacts, _ direction: Direction) -> ClusterPolicyPeer? {
        switch end.kind {
        case .unreachable: return nil
        case .pod(let pod, _, _):
            let namespace = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": pod.namespace])
            return ClusterPolicyPeer(
                pods: NamespacedPods(
                    namespaceSelector: namespace, podSelector: LabelSelector(matchLabels: end.selectingLabels)))
        case .node, .external:
            guard direction == .egress, let address = end.address else { return nil }
            return ClusterPolicyPeer(networks: [CIDR(host: address).description])
        }
    }

    private func edit(
        _ policy: PolicyReference, _ direction: Direction, _ index: Int, _ peer: ClusterPolicyPeer
    ) -> Edit? {
        switch policy.kind {
        case .adminNetworkPolicy:
            return adminSpec(policy, direction, index, peer).map {
                .adminPolicy(AdminNetworkPolicy(name: policy.key.name, spec: $0))
            }
        case .baselineAdminNetworkPolicy:
            return adminSpec(policy, direction, index, peer).map {
                .baselinePolicy(BaselineAdminNetworkPolicy(name: policy.key.name, spec: $0))
            }
        case .clusterNetworkPolicy:
            return clusterSpec(policy, direction, index, peer).map {
                .clusterPolicy(ClusterNetworkPolicy(name: policy.key.name, spec: $0))
            }
        // NetworkPolicies do not deny, and tiers of other kinds have no rules to insert.
        default: return nil
        }
    }

    /// A destination outside let through before the rule of an egress firewall that denies it.
    private func edit(_ policy: PolicyReference, _ index: Int, _ destination: EndFacts) -> Edit? {
        guard let address = destination.address, var spec = engine.egressSpec(of: policy),
            let count = spec.egress?.count, index < count
        else { return nil }
        var rule = EgressFirewallSpec.Rule(type: "Allow", to: .init(cidrSelector: CIDR(host: address).description))
        let (namespace, name) = (policy.key.namespace, policy.key.name)
        if policy.kind == .egressNetworkPolicy {
            spec.egress?.insert(rule, at: index)
            return .egressNetworkPolicy(EgressNetworkPolicy(namespace: namespace, name: name, spec: spec))
        }
        if let port = explanation.flow.port {
            rule.ports = [.init(protocol: explanation.flow.transport.rawValue, port: Int(port))]
        }
        spec.egress?.insert(rule, at: index)
        return .egressFirewall(EgressFirewall(namespace: namespace, name: name, spec: spec))
    }

    private func adminSpec(
        _ policy: PolicyReference, _ direction: Direction, _ index: Int, _ peer: ClusterPolicyPeer
    ) -> AdminNetworkPolicySpec? {
        guard var spec = engine.adminSpec(of: policy) else { return nil }
        let flow = explanation.flow
        let ports = flow.port.map { port in
            [
                AdminNetworkPolicySpec.Port(
                    portNumber: .init(protocol: flow.transport.rawValue, port: Int(port)))
            ]
        }
        switch direction {
        case .ingress:
            guard let count = spec.ingress?.count, index < count else { return nil }
            spec.ingress?.insert(.init(action: "Allow", from: [peer], ports: ports), at: index)
        case .egress:
            guard let count = spec.egress?.count, index < count else { return nil }
            spec.egress?.insert(.init(action: "Allow", to: [peer], ports: ports), at: index)
        }
        return spec
    }

    private func clusterSpec(
        _ policy: PolicyReference, _ direction: Direction, _ index: Int, _ peer: ClusterPolicyPeer
    ) -> ClusterNetworkPolicySpec? {
        guard var spec = engine.clusterSpec(of: policy) else { return nil }
        var protocols: [ClusterNetworkPolicySpec.TransportMatch]?
        if let port = explanation.flow.port {
            let ports = ClusterNetworkPolicySpec.Ports(destinationPort: .init(number: Int(port)))
            switch explanation.flow.transport {
            case .tcp: protocols = [.init(tcp: ports)]
            case .udp: protocols = [.init(udp: ports)]
            case .sctp: protocols = [.init(sctp: ports)]
            case .icmp: break
            }
        }
        switch direction {
        case .ingress:
            guard let count = spec.ingress?.count, index < count else { return nil }
            spec.ingress?.insert(.init(action: "Accept", from: [peer], protocols: protocols), at: index)
        case .egress:
            guard let count = spec.egress?.count, index < count else { return nil }
            spec.egress?.insert(.init(action: "Accept", to: [peer], protocols: protocols), at: index)
        }
        return spec
    }
}
