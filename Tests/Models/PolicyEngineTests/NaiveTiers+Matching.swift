import ClusterAPI
import NetworkTypes
import PolicyEngine

extension NaiveTiers {
    enum Match { case no, perhaps, certainly }

    /// Nil for a pod that is no subject; else whether that is certain.
    func selects(_ subject: ClusterPolicySubject?, _ pod: Pod) -> Bool? {
        let name = pod.metadata.namespace ?? ""
        let labels = pod.metadata.labels ?? [:]
        guard pod.spec?.hostNetwork != true else { return nil }
        guard let subject, (subject.namespaces == nil) != (subject.pods == nil) else { return false }
        let isSound: Bool
        if let pods = subject.pods {
            isSound =
                pods.podSelector != nil && world.isSound(pods.podSelector) && world.isSound(pods.namespaceSelector)
        } else {
            isSound = world.isSound(subject.namespaces)
        }
        let selector = subject.namespaces ?? subject.pods?.namespaceSelector
        let inside = isSound ? namespaceMatch(selector, name) : namespaceMatch(understood(selector), name)
        if inside == .no || !world.labelsMatch(subject.pods?.podSelector, labels, unknown: !isSound) { return nil }
        return isSound && inside == .certainly
    }

    /// Without what is no requirement.
    private func understood(_ selector: LabelSelector?) -> LabelSelector? {
        var selector = selector
        selector?.matchExpressions?.removeAll { !world.isSound(LabelSelector(matchExpressions: [$0])) }
        return selector
    }

    /// A namespace with labels that are not known matches perhaps if each requirement alone may be met.
    private func namespaceMatch(_ selector: LabelSelector?, _ name: String) -> Match {
        guard let selector else { return .certainly }
        let possible = world.possibleLabels(name)
        if possible.allSatisfy({ world.labelsMatch(selector, $0) }) { return .certainly }
        let single =
            (selector.matchLabels ?? [:]).map { LabelSelector(matchLabels: [$0.key: $0.value]) }
            + (selector.matchExpressions ?? []).map { LabelSelector(matchExpressions: [$0]) }
        let mayMatch = single.allSatisfy { one in possible.contains { world.labelsMatch(one, $0) } }
        return mayMatch && possible.count > 1 ? .perhaps : .no
    }

    func peerMatch(_ peer: ClusterPolicyPeer, _ end: NaiveSemantics.End) -> Match {
        if let networks = peer.networks {
            return networks.contains { world.blockMatches(IPBlock(cidr: $0), end.address) } ? .certainly : .no
        }
        if let selector = peer.nodes {
            let hit = world.nodes.contains { node in
                world.labelsMatch(selector, node.metadata.labels ?? [:])
                    && (node.status?.addresses ?? []).contains {
                        end.address != nil && IPAddress($0.address) == end.address
                    }
            }
            return hit ? .certainly : .no
        }
        if let names = peer.domainNames {
            let hit = world.told.contains { told in
                told.address == end.address
                    && names.contains { name in
                        // In this API a star is any number of labels, and at least one.
                        name.hasPrefix("*.") ? told.name.hasSuffix(name.dropFirst()) : told.name == name
                    }
            }
            return hit ? .certainly : .no
        }
        guard let pod = end.pod, let name = pod.metadata.namespace else { return .no }
        if let pods = peer.pods, !world.labelsMatch(pods.podSelector, pod.metadata.labels ?? [:]) { return .no }
        return namespaceMatch(peer.namespaces ?? peer.pods?.namespaceSelector, name)
    }

    func isSound(_ rule: Rule, isAllow: Bool, egress: Bool) -> Bool {
        guard let peers = rule.peers, !peers.isEmpty, rule.stray == nil else { return false }
        let hasName = (rule.ports ?? []).contains { $0.name != nil }
        let peersAreSound = peers.allSatisfy { peer in
            let kinds: [Bool] = [
                peer.namespaces != nil, peer.pods != nil, peer.nodes != nil, peer.networks != nil,
                peer.domainNames != nil,
            ]
            if kinds.filter(\.self).count != 1 { return false }
            if peer.nodes != nil || peer.networks != nil || peer.domainNames != nil, !egress || hasName { return false }
            if peer.domainNames != nil, !isAllow { return false }
            if let networks = peer.networks, networks.contains(where: { CIDR($0) == nil }) { return false }
            if let pods = peer.pods, pods.podSelector == nil { return false }
            let selectors = [peer.namespaces, peer.nodes, peer.pods?.namespaceSelector, peer.pods?.podSelector]
            return selectors.allSatisfy { world.isSound($0) }
        }
        guard let ports = rule.ports else { return peersAreSound }
        let portsAreSound = ports.allSatisfy { port in
            guard port.isSound else { return false }
            if let transport = port.transport, !["TCP", "UDP", "SCTP"].contains(transport) { return false }
            return (1...65_535).contains(port.first ?? 1) && (1...65_535).contains(port.last ?? 1)
        }
        return peersAreSound && portsAreSound && !ports.isEmpty
    }

    func portsMatch(_ ports: [Port]?, _ target: Pod?, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        guard let ports else { return true }
        return ports.contains { entry in
            if let name = entry.name {
                guard let port, let target else { return false }
                return (target.spec?.containers ?? []).flatMap { $0.ports ?? [] }.contains {
                    $0.name == name && ($0.protocol ?? "TCP") == transport.rawValue && $0.containerPort == Int(port)
                }
            }
            guard entry.transport == transport.rawValue else { return false }
            guard let first = entry.first, let last = entry.last else { return true }
            guard let port else { return false }
            return first <= Int(port) && Int(port) <= last
        }
    }
}
