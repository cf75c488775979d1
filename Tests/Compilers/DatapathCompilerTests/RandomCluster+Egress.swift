import ClusterAPI
import TestRandom

extension RandomCluster {
    /// Overlapping ranges with both actions, few and many, now and then broken.
    mutating func addEgress() {
        for name in Self.namespaces where !random.once(in: 4) {
            let count = random.once(in: 2) ? random.below(5) : 5 + random.below(30)
            var rules = (0..<count).map { _ in egressRule() }
            if random.once(in: 10) { rules.append(.init(type: "Perhaps", to: .init(cidrSelector: "0.0.0.0/0"))) }
            firewalls.append(EgressFirewall(namespace: name, spec: EgressFirewallSpec(egress: rules)))
        }
    }

    private mutating func egressRule() -> EgressFirewallSpec.Rule {
        var to = EgressFirewallSpec.Destination()
        switch random.below(20) {
        case 0: to.nodeSelector = LabelSelector(matchLabels: ["zone": random.pick(["a", "b"])])
        case 1: to.dnsName = "www.example.com"
        case 2: to.cidrSelector = random.pick(["0.0.0.0/0", "::/0", "10.0.0.0/8", "192.168.7.0/24"])
        default:
            let host = random.below(64)
            to.cidrSelector = random.pick([
                "203.0.113.\(host)/32", "203.0.113.\(host & ~3)/30", "203.0.113.\(host & ~15)/28", "203.0.112.0/22",
                "2001:db8::\(String(host, radix: 16))/128", "2001:db8::\(String(host & ~15, radix: 16))/124",
                "2001:db8::/64",
            ])
        }
        let ports = random.once(in: 4) ? [EgressFirewallSpec.Port(protocol: "TCP", port: random.pick(Self.ports))] : nil
        return .init(type: random.pick(["Allow", "Deny"]), to: to, ports: ports)
    }
}
