import ClusterAPI
import Testing

/// What is probably not meant in egress firewalls, and what is.
@Suite struct EgressLintTests {
    private static func rule(_ type: String, _ cidr: String, port: Int? = nil) -> EgressFirewallSpec.Rule {
        .init(
            type: type, to: .init(cidrSelector: cidr), ports: port.map { [.init(protocol: "TCP", port: $0)] })
    }

    private static func firewall(_ rules: EgressFirewallSpec.Rule...) -> AnyPolicy {
        .firewall(EgressFirewall(namespace: "x", spec: EgressFirewallSpec(egress: rules)))
    }

    private static func policy(_ name: String, _ rules: EgressFirewallSpec.Rule...) -> AnyPolicy {
        .egress(EgressNetworkPolicy(namespace: "x", name: name, spec: EgressFirewallSpec(egress: rules)))
    }

    static let cases: [ClusterLintTests.Case] = [
        .init(
            "sound rules: exceptions first, both families closed, ports narrower than what comes later",
            [
                firewall(
                    rule("Allow", "198.51.100.0/24"), rule("Deny", "203.0.113.7/32", port: 443),
                    rule("Deny", "203.0.113.7/32"), rule("Deny", "0.0.0.0/0"), rule("Deny", "::/0"))
            ], []),
        .init(
            "a rule after one of a wider range, and not after one of some ports of it",
            [
                firewall(
                    rule("Deny", "203.0.113.0/24", port: 80), rule("Deny", "203.0.113.0/24"),
                    rule("Allow", "203.0.113.7/32"))
            ], ["default: shadowed-rule at spec.egress[2]"]),
        .init(
            "everything of one family denied, and nothing of the other",
            [firewall(rule("Deny", "0.0.0.0/0"))], ["default: open-to-internet at spec.egress[0].to.cidrSelector"]),
        .init("of EgressNetworkPolicy 0.0.0.0/0 is both", [policy("p", rule("Deny", "0.0.0.0/0"))], []),
        .init(
            "a name that nobody can deny",
            [
                firewall(
                    .init(type: "Allow", to: .init(dnsName: "*.a.example")),
                    .init(type: "Deny", to: .init(dnsName: "b.a.example")))
            ],
            ["default: not-in-force at spec.egress[1].to.dnsName"]),
        .init(
            "two of one namespace", [firewall(rule("Deny", "8.8.8.8/32")), policy("p")],
            ["default: not-in-force at metadata.name", "p: not-in-force at metadata.name"]),
    ]

    @Test("each oddity is found at its field, and nothing else is", arguments: cases)
    func oddities(example: ClusterLintTests.Case) {
        #expect(ClusterLintTests.findings(example.policies) == example.expected)
    }
}
