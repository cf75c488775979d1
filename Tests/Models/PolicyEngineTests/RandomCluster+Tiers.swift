import ClusterAPI
import TestRandom

/// Cluster-wide policies, some of them broken in one of the ways that the fail-closed table lists.
extension RandomCluster {
    mutating func adminPolicy(_ name: String) -> AdminNetworkPolicy {
        var policy = AdminNetworkPolicy(name: name, spec: adminSpec(actions: ["Allow", "Deny", "Pass"]))
        policy.spec?.priority = random.once(in: 25) ? nil : random.pick([0, 1, 1, 2, 5, 1000, 1001])
        if random.once(in: 60) { policy.spec = nil }
        return policy
    }

    mutating func baselinePolicy() -> BaselineAdminNetworkPolicy {
        var policy = BaselineAdminNetworkPolicy(
            name: random.once(in: 12) ? "other" : "default", spec: adminSpec(actions: ["Allow", "Deny"]))
        if random.once(in: 30) { policy.spec = nil }
        return policy
    }

    mutating func clusterPolicy(_ name: String) -> ClusterNetworkPolicy {
        var policy = ClusterNetworkPolicy(
            name: name,
            spec: ClusterNetworkPolicySpec(
                tier: random.once(in: 25) ? "Sideways" : random.pick(["Admin", "Baseline"]),
                priority: random.pick([0, 1, 2, 3, name == "cnp1" ? nil : -1]), subject: ClusterPolicySubject()))
        policy.spec?.subject = subject()
        policy.spec?.ingress = rules { random in
            .init(
                action: random.action(["Accept", "Deny", "Pass"]), from: random.peers(egress: false),
                protocols: random.protocols())
        }
        policy.spec?.egress = rules { random in
            .init(
                action: random.action(["Accept", "Deny", "Pass"]), to: random.peers(egress: true),
                protocols: random.protocols())
        }
        if random.once(in: 60) { policy.spec = nil }
        return policy
    }

    private mutating func adminSpec(actions: [String]) -> AdminNetworkPolicySpec {
        var spec = AdminNetworkPolicySpec(subject: ClusterPolicySubject())
        spec.subject = subject()
        spec.ingress = rules { random in
            .init(action: random.action(actions), from: random.peers(egress: false), ports: random.adminPorts())
        }
        spec.egress = rules { random in
            var rule = AdminNetworkPolicySpec.Rule(
                action: random.action(actions), to: random.peers(egress: true), ports: random.adminPorts())
            if random.random.once(in: 40) { rule.from = rule.to }
            return rule
        }
        return spec
    }

    private mutating func rules<Rule>(_ make: (inout RandomCluster) -> Rule) -> [Rule]? {
        if random.once(in: 4) { return random.once(in: 2) ? nil : [] }
        return (0...random.below(3)).map { _ in make(&self) }
    }

    private mutating func action(_ known: [String]) -> String {
        random.once(in: 30) ? random.pick(["Log", "Allow", "Accept"]) : random.pick(known)
    }

    mutating func metadataAccess(_ name: String) -> MetadataAccess {
        MetadataAccess(name: name, spec: random.once(in: 8) ? nil : MetadataAccessSpec(subject: subject()))
    }

    /// Sound for the most part: a widened subject with a Deny of everything leaves little to compare.
    private mutating func subject() -> ClusterPolicySubject? {
        switch random.below(20) {
        case 0: return random.once(in: 2) ? nil : ClusterPolicySubject()
        case 1: return ClusterPolicySubject(namespaces: soundSelector(), pods: pods())
        case 2: return ClusterPolicySubject(namespaces: namespaceSelector())
        case 3...10: return ClusterPolicySubject(namespaces: soundSelector())
        default: return ClusterPolicySubject(pods: pods())
        }
    }

    private mutating func pods() -> NamespacedPods {
        NamespacedPods(
            namespaceSelector: random.once(in: 8) ? nil : soundSelector(),
            podSelector: random.once(in: 25) ? nil : soundSelector())
    }

    private mutating func soundSelector() -> LabelSelector {
        for _ in 0..<4 {
            let selector = namespaceSelector()
            let isSound = (selector.matchExpressions ?? []).allSatisfy { requirement in
                requirement.operator.rawValue != "Near"
                    && (requirement.operator != .in || requirement.values?.isEmpty == false)
            }
            if isSound || random.once(in: 15) { return selector }
        }
        return LabelSelector()
    }

    private mutating func peers(egress: Bool) -> [ClusterPolicyPeer]? {
        if random.once(in: 40) { return random.once(in: 2) ? nil : [] }
        return (0...random.below(2)).map { _ in clusterPeer(egress: egress) }
    }

    private mutating func clusterPeer(egress: Bool) -> ClusterPolicyPeer {
        let last = egress || random.once(in: 20) ? 12 : 7
        switch random.below(last + 1) {
        case 0: return random.once(in: 4) ? ClusterPolicyPeer() : ClusterPolicyPeer(namespaces: soundSelector())
        case 1:
            return random.once(in: 4)
                ? ClusterPolicyPeer(namespaces: soundSelector(), pods: pods()) : ClusterPolicyPeer(pods: pods())
        case 2...4: return ClusterPolicyPeer(namespaces: soundSelector())
        case 5...7: return ClusterPolicyPeer(pods: pods())
        case 8...9: return ClusterPolicyPeer(nodes: soundSelector())
        case 10...11:
            let all = [
                "0.0.0.0/0", "10.0.0.0/30", "10.0.0.8/29", "::/0", "fd01::/124", "192.168.0.0/24", "2001:db8::/32",
            ]
            let first = random.pick(all)
            let networks =
                random.once(in: 2) ? [first] : [first, random.once(in: 12) ? "10.0.0.0/99" : "198.51.100.0/24"]
            return ClusterPolicyPeer(networks: networks)
        default:
            return ClusterPolicyPeer(domainNames: [random.pick(["www.example.org", "*.example.org", "*.example.com"])])
        }
    }

    private mutating func adminPorts() -> [AdminNetworkPolicySpec.Port]? {
        if random.once(in: 3) { return nil }
        if random.once(in: 40) { return [] }
        return (0...random.below(2)).map { _ in
            let transport = random.pick(["TCP", "UDP", "SCTP", nil])
            switch random.below(12) {
            case 0...2: return .init(namedPort: random.pick(["http", "dns"]))
            case 3...5:
                return .init(portRange: .init(protocol: transport, start: 80, end: random.pick([81, 443, 8080])))
            case 6 where random.once(in: 3):
                return random.pick([
                    .init(), .init(portNumber: .init(port: 0)), .init(portRange: .init(start: 80, end: 80)),
                    .init(portNumber: .init(protocol: "tcp", port: 80)),
                ])
            default: return .init(portNumber: .init(protocol: transport, port: random.pick([80, 53, 8080])))
            }
        }
    }

    private mutating func protocols() -> [ClusterNetworkPolicySpec.TransportMatch]? {
        if random.once(in: 3) { return nil }
        if random.once(in: 40) { return [] }
        return (0...random.below(2)).map { _ in
            let port: ClusterNetworkPolicySpec.Port? = random.pick([
                nil, .init(number: 80), .init(number: 53), .init(range: .init(start: 80, end: 443)),
            ])
            switch random.below(12) {
            case 0...2: return .init(destinationNamedPort: random.pick(["http", "dns"]))
            case 3...5: return .init(udp: .init(destinationPort: port))
            case 6: return .init(sctp: .init(destinationPort: port))
            case 7 where random.once(in: 3): return .init(tcp: .init(destinationPort: .init()))
            default: return .init(tcp: .init(destinationPort: port))
            }
        }
    }
}
