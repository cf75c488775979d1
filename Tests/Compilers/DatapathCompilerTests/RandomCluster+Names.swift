import ClusterAPI
import EgressNames
import NetworkTypes
import NodeModel
import TestRandom

extension RandomCluster {
    private static let names = ["www.example.com", "api.example.com", "a.b.example.com", "www.example.org"]

    /// Firewalls with names between ranges, few and many, cluster-wide policies with names, and what pods were told.
    mutating func addNames() {
        for name in Self.namespaces where !firewalls.contains(where: { $0.key.namespace == name }) {
            firewalls.append(EgressFirewall(namespace: name, spec: EgressFirewallSpec(egress: namedRules())))
        }
        let peer = ClusterPolicyPeer(domainNames: [random.pick(["*.example.com", "www.example.org"])])
        let networks = ClusterPolicyPeer(networks: ["203.0.113.0/28"])
        var spec = ClusterNetworkPolicySpec(
            tier: random.pick(["Admin", "Baseline"]), priority: 3,
            subject: ClusterPolicySubject(namespaces: LabelSelector()))
        spec.egress = [
            .init(action: "Accept", to: [peer]), .init(action: random.pick(["Deny", "Pass"]), to: [networks]),
        ]
        clusters.append(ClusterNetworkPolicy(name: "names", spec: spec))
        for attachment in attachments { tell(attachment.pod) }
    }

    private mutating func tell(_ pod: ObjectKey) {
        for _ in 0..<random.below(12) {
            let host = random.below(32)
            let text = random.pick(["203.0.113.\(host + 9)", "2001:db8::\(String(host + 1, radix: 16))"])
            guard let address = IPAddress(text), let name = DomainName(random.pick(Self.names)) else { continue }
            told.append(.add(LearnedAddress(client: pod, name: name, address: address, deadline: 60)))
        }
    }

    private mutating func namedRules() -> [EgressFirewallSpec.Rule] {
        let isOfNames = random.once(in: 3)
        var rules: [EgressFirewallSpec.Rule] = (0..<(1 + random.below(12))).map { number in
            if isOfNames || random.once(in: 2) {
                let type = isOfNames && random.once(in: 3) ? "Deny" : "Allow"
                let name = random.pick(Self.names + ["*.example.com", "**.example.com", "n\(number).example.com"])
                let ports =
                    type == "Allow" && random.once(in: 4)
                    ? [EgressFirewallSpec.Port(protocol: "TCP", port: random.pick(Self.ports))] : nil
                return .init(type: type, to: .init(dnsName: name), ports: ports)
            }
            let host = random.below(32) + 9
            return .init(
                type: random.pick(["Allow", "Deny"]),
                to: .init(
                    cidrSelector: random.pick(["203.0.113.\(host)/32", "203.0.113.\(host & ~7)/29", "2001:db8::/123"])))
        }
        if isOfNames || !random.once(in: 3) {
            rules += ["0.0.0.0/0", "::/0"].map { .init(type: "Deny", to: .init(cidrSelector: $0)) }
        }
        return rules
    }
}
