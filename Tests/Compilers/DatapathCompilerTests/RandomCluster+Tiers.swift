import ClusterAPI
import TestRandom

extension RandomCluster {
    mutating func addTiers() {
        for number in 0..<random.below(4) {
            var spec = AdminNetworkPolicySpec(priority: random.below(3), subject: subject())
            spec.ingress = (0..<random.below(6)).map { _ in adminRule(egress: false) }
            spec.egress = (0..<random.below(6)).map { _ in adminRule(egress: true) }
            admins.append(AdminNetworkPolicy(name: "admin-\(number)", spec: spec))
        }
        for number in 0..<random.below(4) {
            var spec = ClusterNetworkPolicySpec(
                tier: random.once(in: 2) ? "Admin" : "Baseline", priority: random.below(3), subject: subject())
            spec.ingress = (0..<random.below(6)).map { _ in clusterRule(egress: false) }
            spec.egress = (0..<random.below(6)).map { _ in clusterRule(egress: true) }
            clusters.append(ClusterNetworkPolicy(name: "cluster-\(number)", spec: spec))
        }
        if random.once(in: 2) {
            var spec = AdminNetworkPolicySpec(subject: subject())
            spec.ingress = (0..<random.below(4)).map { _ in adminRule(egress: false) }
            spec.egress = (0..<random.below(4)).map { _ in adminRule(egress: true) }
            baselines.append(BaselineAdminNetworkPolicy(spec: spec))
        }
    }

    private mutating func subject() -> ClusterPolicySubject {
        switch random.below(3) {
        case 0: ClusterPolicySubject(namespaces: LabelSelector())
        case 1: ClusterPolicySubject(namespaces: LabelSelector(matchLabels: ["team": "dev"]))
        default:
            ClusterPolicySubject(
                pods: NamespacedPods(namespaceSelector: LabelSelector(), podSelector: selector()))
        }
    }

    private mutating func adminRule(egress: Bool) -> AdminNetworkPolicySpec.Rule {
        let peers = (0...random.below(3)).map { _ in clusterPeer(egress: egress) }
        let isPlain = peers.allSatisfy { $0.networks == nil && $0.nodes == nil }
        let ports: [AdminNetworkPolicySpec.Port]? =
            random.once(in: 3)
            ? nil
            : (0...random.below(2)).map { _ in
                let transport = random.pick(["TCP", "UDP", "SCTP", nil])
                return switch random.below(5) {
                case 0 where isPlain: .init(namedPort: "web")
                case 1: .init(portRange: .init(protocol: transport, start: 80, end: random.pick([443, 8000])))
                default: .init(portNumber: .init(protocol: transport, port: random.pick(Self.ports)))
                }
            }
        // A peer too new for us, now and then.
        let all = random.once(in: 30) ? peers + [ClusterPolicyPeer()] : peers
        return .init(
            action: random.pick(["Allow", "Deny", "Deny", "Pass"]), from: egress ? nil : all, to: egress ? all : nil,
            ports: ports)
    }

    private mutating func clusterRule(egress: Bool) -> ClusterNetworkPolicySpec.Rule {
        let peers = (0...random.below(3)).map { _ in clusterPeer(egress: egress) }
        let port: ClusterNetworkPolicySpec.Port? = random.pick([
            nil, .init(number: random.pick(Self.ports)), .init(range: .init(start: 79, end: 8080)),
        ])
        let protocols: [ClusterNetworkPolicySpec.TransportMatch]? = random.pick([
            nil, [.init(tcp: .init(destinationPort: port))],
            [.init(udp: .init(destinationPort: port)), .init(tcp: .init())],
        ])
        return .init(
            action: random.pick(["Accept", "Deny", "Deny", "Pass"]), from: egress ? nil : peers,
            to: egress ? peers : nil, protocols: protocols)
    }

    private mutating func clusterPeer(egress: Bool) -> ClusterPolicyPeer {
        switch random.below(egress ? 6 : 4) {
        case 0: return ClusterPolicyPeer(namespaces: LabelSelector(matchLabels: ["team": random.pick(["dev", "ops"])]))
        case 1...3:
            return ClusterPolicyPeer(pods: NamespacedPods(namespaceSelector: LabelSelector(), podSelector: selector()))
        case 4:
            return ClusterPolicyPeer(
                nodes: random.once(in: 2) ? LabelSelector() : LabelSelector(matchLabels: ["zone": "b"]))
        default:
            return ClusterPolicyPeer(
                networks: [
                    random.pick(["203.0.113.0/24", "0.0.0.0/0", "10.128.2.0/28", "fd00:10:0:2::/64", "192.168.7.2/32"])
                ])
        }
    }
}
