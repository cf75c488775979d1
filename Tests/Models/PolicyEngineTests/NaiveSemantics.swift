import ClusterAPI
import NetworkTypes
import PolicyEngine

/// A second implementation of NetworkPolicy (and, in `NaiveTiers`, of the cluster-wide policies), straight from the API documentation: no index, no state, no shared code.
///
/// It reads the objects for every question and is as slow as that sounds.
struct NaiveSemantics {
    var pods: [Pod]
    var namespaces: [Namespace]
    var nodes: [Node]
    var policies: [NetworkPolicy]
    var admins: [AdminNetworkPolicy] = []
    var baselines: [BaselineAdminNetworkPolicy] = []
    var clusters: [ClusterNetworkPolicy] = []
    var firewalls: [EgressFirewall] = []
    var egressPolicies: [EgressNetworkPolicy] = []
    var accesses: [MetadataAccess] = []
    /// What pods were told: names without a dot at the end, in small letters.
    var told: [(name: String, address: IPAddress)] = []
    var tenancy = NaiveTenancy()
    var zones: [Zone] = []
    /// As holes write their ends; nil while nobody knows.
    var now: String?
    /// Whether namespaces without an object may have any labels.
    var isLive = false

    /// An end of a flow: the pod it is (if any), whether it is a node, and the address that packets carry.
    struct End {
        var pod: Pod?
        var nodeName: String?
        var address: IPAddress?
    }

    func isAllowed(_ source: Party, _ destination: Party, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        for from in ends(source) {
            for to in ends(destination) {
                if let a = from.address, let b = to.address, a.family != b.family { continue }
                return isAllowed(from, to, transport, port)
            }
        }
        return false
    }

    private func isAllowed(_ from: End, _ to: End, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        if let one = from.pod, let other = to.pod, one.key == other.key { return true }
        if let pod = from.pod, isOwnNode(to, of: pod) { return true }
        if let pod = to.pod, isOwnNode(from, of: pod) { return true }
        return egressAllows(from, to, transport, port) && ingressAllows(from, to, transport, port)
    }

    private func egressAllows(_ from: End, _ to: End, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        guard let pod = from.pod else { return true }
        if closesMetadata(pod, to, transport, port) { return false }
        if tenancy.separates(pod, to) { return false }
        if NaiveZones(world: self).closes(pod, to, egress: true, transport, port) { return false }
        if NaiveEgressFirewall(world: self).closes(pod, to, transport, port) { return false }
        let tiers = NaiveTiers(world: self)
        let first = tiers.answer(
            baseline: false, egress: true, pod: pod, other: to, target: to.pod, transport, port)
        if let first, first != .pass { return first == .allow }
        let isolating = isolating(pod, egress: true)
        if isolating.isEmpty {
            return tiers.answer(baseline: true, egress: true, pod: pod, other: to, target: to.pod, transport, port)
                != .deny
        }
        for policy in isolating where isSound(policy.spec?.podSelector) {
            for rule in policy.spec?.egress ?? [] where isSound(rule.to, rule.ports) {
                if peersMatch(rule.to, to, policy), portsMatch(rule.ports, target: to.pod, transport, port) {
                    return true
                }
            }
        }
        return false
    }

    private func ingressAllows(_ from: End, _ to: End, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        guard let pod = to.pod else { return true }
        if tenancy.separates(pod, from) { return false }
        if NaiveZones(world: self).closes(pod, from, egress: false, transport, port) { return false }
        let tiers = NaiveTiers(world: self)
        let first = tiers.answer(baseline: false, egress: false, pod: pod, other: from, target: pod, transport, port)
        if let first, first != .pass { return first == .allow }
        let isolating = isolating(pod, egress: false)
        if isolating.isEmpty {
            return tiers.answer(baseline: true, egress: false, pod: pod, other: from, target: pod, transport, port)
                != .deny
        }
        for policy in isolating where isSound(policy.spec?.podSelector) {
            for rule in policy.spec?.ingress ?? [] where isSound(rule.from, rule.ports) {
                if peersMatch(rule.from, from, policy), portsMatch(rule.ports, target: pod, transport, port) {
                    return true
                }
            }
        }
        return false
    }

    private func isolating(_ pod: Pod, egress: Bool) -> [NetworkPolicy] {
        tenancy.hasNetworkPolicies ? policies.filter { selects($0, pod) && isolates($0, egress: egress) } : []
    }

    private func isolates(_ policy: NetworkPolicy, egress: Bool) -> Bool {
        let spec = policy.spec
        let types = (spec?.policyTypes ?? []).map(\.rawValue)
        if types.contains(where: { $0 != "Ingress" && $0 != "Egress" }) { return true }
        if !types.isEmpty { return types.contains(egress ? "Egress" : "Ingress") }
        return egress ? !(spec?.egress ?? []).isEmpty : true
    }

    private func selects(_ policy: NetworkPolicy, _ pod: Pod) -> Bool {
        guard policy.metadata.namespace == pod.metadata.namespace else { return false }
        // What cannot be understood is taken to match: the policy must not lose its hold on a pod.
        return labelsMatch(policy.spec?.podSelector, pod.metadata.labels ?? [:], unknown: true)
    }

    private func peersMatch(_ peers: [NetworkPolicyPeer]?, _ end: End, _ policy: NetworkPolicy) -> Bool {
        guard let peers, !peers.isEmpty else { return true }
        return peers.contains { peer in
            if let block = peer.ipBlock { return blockMatches(block, end.address) }
            guard let pod = end.pod, let name = pod.metadata.namespace else { return false }
            if peer.namespaceSelector == nil {
                if name != policy.metadata.namespace { return false }
            } else {
                if !possibleLabels(name).allSatisfy({ labelsMatch(peer.namespaceSelector, $0) }) { return false }
            }
            return labelsMatch(peer.podSelector, pod.metadata.labels ?? [:])
        }
    }

    func portsMatch(
        _ ports: [NetworkPolicyPort]?, target: Pod?, _ transport: TransportProtocol, _ port: UInt16?
    ) -> Bool {
        guard let ports, !ports.isEmpty else { return true }
        return ports.contains { entry in
            guard (entry.protocol ?? "TCP") == transport.rawValue else { return false }
            switch entry.port {
            case nil: return true
            case .int(let first):
                guard let port else { return false }
                return first <= Int(port) && Int(port) <= (entry.endPort ?? first)
            case .string(let name):
                guard let port, let target else { return false }
                return (target.spec?.containers ?? []).contains { container in
                    (container.ports ?? []).contains {
                        $0.name == name && ($0.protocol ?? "TCP") == transport.rawValue && $0.containerPort == Int(port)
                    }
                }
            }
        }
    }
}
