import ClusterAPI
import TestRandom

extension RandomCluster {
    mutating func selector() -> LabelSelector {
        if random.once(in: 4) { return LabelSelector() }
        var selector = LabelSelector()
        if random.once(in: 2) { selector.matchLabels = [random.pick(["app", "tier"]): random.pick(["x", "y"])] }
        if random.once(in: 2) { selector.matchExpressions = [requirement()] }
        return selector
    }

    private mutating func requirement() -> LabelSelector.Requirement {
        let key = random.pick(["app", "tier", "env"])
        let values = random.pick([["x"], ["x", "y"], ["z", "y"]])
        switch random.below(16) {
        case 0: return .init(key: key, operator: .unknown("Near"), values: values)
        case 1: return .init(key: key, operator: .in)
        case 2...5: return .init(key: key, operator: .notIn, values: values)
        case 6...8: return .init(key: key, operator: .exists)
        case 9...11: return .init(key: key, operator: .doesNotExist)
        default: return .init(key: key, operator: .in, values: values)
        }
    }

    mutating func namespaceSelector() -> LabelSelector {
        random.once(in: 3)
            ? LabelSelector(matchLabels: ["kubernetes.io/metadata.name": random.pick(namespaceNames)]) : selector()
    }

    private mutating func peer() -> NetworkPolicyPeer {
        switch random.below(12) {
        case 0...2: return NetworkPolicyPeer(podSelector: selector())
        case 3...5: return NetworkPolicyPeer(namespaceSelector: namespaceSelector())
        case 6...7: return NetworkPolicyPeer(podSelector: selector(), namespaceSelector: namespaceSelector())
        case 8...10: return NetworkPolicyPeer(ipBlock: block())
        default:
            return random.once(in: 4)
                ? NetworkPolicyPeer(podSelector: selector(), ipBlock: block())
                : NetworkPolicyPeer(podSelector: selector())
        }
    }

    private mutating func block() -> IPBlock {
        random.pick([
            IPBlock(cidr: "0.0.0.0/0", except: ["10.0.0.0/29", "198.51.100.0/24"]), IPBlock(cidr: "10.0.0.0/30"),
            IPBlock(cidr: "10.0.0.8/29", except: ["10.0.0.9/32", "10.0.0.12/31"]), IPBlock(cidr: "::/0"),
            IPBlock(cidr: "fd01::/124", except: ["fd01::8/126"]), IPBlock(cidr: "192.168.0.0/24"),
            IPBlock(cidr: "192.168.0.1/32"), IPBlock(cidr: "10.0.0.0/33"), IPBlock(cidr: "2001:db8::/32"),
        ])
    }

    private mutating func port() -> NetworkPolicyPort {
        let transport = random.pick(["TCP", "UDP", "SCTP", nil])
        switch random.below(10) {
        case 0...1: return NetworkPolicyPort(protocol: transport)
        case 2...4: return NetworkPolicyPort(protocol: transport, port: .string(random.pick(["http", "dns"])))
        case 5...6: return NetworkPolicyPort(protocol: transport, port: .int(80), endPort: random.pick([80, 81, 443]))
        case 7 where random.once(in: 3): return NetworkPolicyPort(protocol: transport, port: .int(80), endPort: 79)
        default: return NetworkPolicyPort(protocol: transport, port: .int(random.pick([80, 53, 8080])))
        }
    }

    mutating func list<Element>(_ make: (inout RandomCluster) -> Element) -> [Element]? {
        if random.once(in: 4) { return random.once(in: 2) ? nil : [] }
        return (0...random.below(2)).map { _ in make(&self) }
    }

    mutating func policy(_ namespace: String, _ name: String) -> NetworkPolicy {
        var spec = NetworkPolicySpec(podSelector: random.once(in: 8) ? nil : selector())
        spec.policyTypes = random.pick([nil, nil, [], [.ingress], [.egress], [.ingress, .egress]])
        if random.once(in: 40) { spec.policyTypes = [.unknown("Sideways")] }
        spec.ingress = list { random in
            .init(from: random.list { $0.peer() }, ports: random.list { $0.port() })
        }
        spec.egress = list { random in
            .init(to: random.list { $0.peer() }, ports: random.list { $0.port() })
        }
        let metadata = ObjectMeta(name: name, namespace: namespace)
        return NetworkPolicy(metadata: metadata, spec: random.once(in: 30) ? nil : spec)
    }
}
