import ClusterAPI
import NetworkTypes
import TestRandom

/// What leaves the cluster: rules about overlapping ranges, nodes, names and ports, now and then broken.
extension RandomCluster {
    mutating func egressFirewall(_ namespace: String) -> EgressFirewall {
        let name = random.once(in: 25) ? "other" : "default"
        let spec = random.once(in: 25) ? nil : EgressFirewallSpec(egress: egressRules(isOld: false))
        return EgressFirewall(namespace: namespace, name: name, spec: spec)
    }

    mutating func egressNetworkPolicy(_ namespace: String) -> EgressNetworkPolicy {
        EgressNetworkPolicy(
            namespace: namespace, name: random.pick(["default", "second"]),
            spec: EgressFirewallSpec(egress: random.once(in: 20) ? nil : egressRules(isOld: true)))
    }

    private mutating func egressRules(isOld: Bool) -> [EgressFirewallSpec.Rule]? {
        if random.once(in: 4) { return namedRules(isOld: isOld) }
        return (0..<random.below(6)).map { _ in
            let type = random.once(in: 60) ? "Maybe" : random.pick(["Allow", "Deny"])
            var rule = EgressFirewallSpec.Rule(type: type, to: destination(isOld: isOld))
            if !isOld, random.once(in: 3) {
                rule.ports = (0..<random.below(3)).map { _ in
                    .init(
                        protocol: random.once(in: 60) ? "ICMP" : random.pick(["TCP", "UDP", "SCTP"]),
                        port: random.pick([80, 53, 8080, 443]))
                }
            }
            return rule
        }
    }

    /// Some names, and all else is denied: a list of those in which a name may be denied.
    private mutating func namedRules(isOld: Bool) -> [EgressFirewallSpec.Rule] {
        var rules = (0...random.below(4)).map { _ in
            EgressFirewallSpec.Rule(
                type: random.pick(["Allow", "Deny", "Allow"]), to: .init(dnsName: name(isOld: isOld)))
        }
        let ranges = random.once(in: 3) ? ["0.0.0.0/0"] : ["0.0.0.0/0", "::/0"]
        for range in ranges {
            rules.append(.init(type: random.once(in: 8) ? "Allow" : "Deny", to: .init(cidrSelector: range)))
        }
        if random.once(in: 6) {
            rules.insert(
                .init(type: random.pick(["Allow", "Deny"]), to: .init(cidrSelector: "198.51.100.0/24")),
                at: random.below(rules.count))
        }
        return rules
    }

    private mutating func name(isOld: Bool) -> String {
        let names = ["www.example.com", "api.example.com", "a.b.example.com"]
        if isOld, !random.once(in: 20) { return random.pick(names) }
        return random.pick(names + ["*.example.com", "**.example.com", "*.b.example.com"])
    }

    /// Names with addresses that flows ask for.
    mutating func told() -> [(name: String, address: IPAddress)] {
        let names = ["www.example.com", "api.example.com", "a.b.example.com", "www.example.org", "x.www.example.org"]
        let addresses = ["198.51.100.7", "2001:db8::1", "203.0.113.3", "203.0.113.1"]
        return (0..<random.below(6)).compactMap { _ in
            IPAddress(random.pick(addresses)).map { (random.pick(names), $0) }
        }
    }

    private mutating func destination(isOld: Bool) -> EgressFirewallSpec.Destination {
        switch random.below(isOld ? 14 : 18) {
        case 0: return .init(dnsName: name(isOld: isOld))
        case 1 where random.once(in: 4): return .init(cidrSelector: "10.0.0.0/33")
        case 2 where random.once(in: 4): return .init(cidrSelector: "10.0.0.0/8", dnsName: "example.com")
        case 14...15:
            return .init(nodeSelector: LabelSelector(matchLabels: ["app": random.pick(["x", "y", "z"])]))
        case 16: return .init(nodeSelector: LabelSelector())
        default:
            return .init(
                cidrSelector: random.pick([
                    "0.0.0.0/0", "0.0.0.0/32", "::/0", "198.51.100.0/24", "198.51.100.7/32", "2001:db8::/32",
                    "203.0.113.0/30", "203.0.113.1/32", "10.0.0.0/8", "fd00::/8", "192.168.0.0/30",
                ]))
        }
    }
}
