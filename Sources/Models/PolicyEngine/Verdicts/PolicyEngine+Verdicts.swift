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
    private func exemption(_ end: Endpoint, _ other: Endpoint) -> RuleID? {
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

    /// Every matching policy is looked at, so that the first by name is the reason, whatever the order of events was.
    private func decide(
        _ direction: Direction, for record: PodRecord, other: Endpoint, _ transport: TransportProtocol,
        _ port: UInt16?
    ) -> Decision {
        var isolating: [ObjectKey] = []
        var reason: (policy: ObjectKey, index: Int)?
        for slot in record.policies {
            guard let policy = policies[slot], let rules = policy[direction] else { continue }
            isolating.append(policy.key)
            if let reason, reason.policy < policy.key { continue }
            let target = direction == .ingress ? record : pod(other)
            if let rule = rules.first(where: { matches($0, other, target, transport, port) }) {
                reason = (policy.key, rule.index)
            }
        }
        if let reason { return .allow(.networkPolicy(reason.policy, direction, index: reason.index)) }
        if isolating.isEmpty { return .allow(.notSelected(record.facts.key, direction)) }
        return .deny(.defaultDeny(direction, isolating.sorted()))
    }

    private func pod(_ end: Endpoint) -> PodRecord? {
        guard case .pod(let slot) = end.kind else { return nil }
        return pods[slot]
    }

    private func matches(
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

    private func isMember(_ end: Endpoint, of set: Int) -> Bool {
        guard let record = sets[set] else { return false }
        if record.id.kind == .networks { return end.address.map { record.networks.covers($0) } ?? false }
        guard case .pod(let slot) = end.kind else { return false }
        return pods[slot]?.sets.containsSorted(set) ?? false
    }
}
