import ClusterAPI
import PolicyEngine
import Testing

/// What EgressFirewall and EgressNetworkPolicy mean: a table of promises.
@Suite struct EgressFirewallTests {
    typealias Rule = EgressFirewallSpec.Rule

    /// Of namespace x, unless said otherwise.
    private static func firewall(in namespace: String = "x", _ rules: Rule...) -> AnyPolicy {
        .firewall(EgressFirewall(namespace: namespace, spec: EgressFirewallSpec(egress: rules)))
    }

    private static func policy(_ rules: Rule...) -> AnyPolicy {
        .egress(EgressNetworkPolicy(namespace: "x", name: "p", spec: EgressFirewallSpec(egress: rules)))
    }

    private static func allow(_ cidr: String, _ ports: EgressFirewallSpec.Port...) -> Rule {
        Rule(type: "Allow", to: .init(cidrSelector: cidr), ports: ports.isEmpty ? nil : ports)
    }

    private static func deny(_ cidr: String, _ ports: EgressFirewallSpec.Port...) -> Rule {
        Rule(type: "Deny", to: .init(cidrSelector: cidr), ports: ports.isEmpty ? nil : ports)
    }

    private static func tcp(_ port: Int) -> EgressFirewallSpec.Port { .init(protocol: "TCP", port: port) }

    static let cases: [TierCase] = [
        TierCase(
            "the first rule that matches decides, and what none matches passes",
            [firewall(allow("8.8.8.8/32"), deny("8.8.0.0/16"), allow("8.8.4.4/32"))],
            allow: ["x/a > 8.8.8.8 53", "x/a > 9.9.9.9 443", "x/a > 8.8.8.8 ICMP"],
            deny: ["x/a > 8.8.4.4 53", "x/a > 8.8.1.1 ICMP"]),
        TierCase(
            "only what leaves the cluster is judged: pods reach each other whatever the ranges say",
            [firewall(deny("0.0.0.0/0"), deny("::/0"))], allow: ["x/a > y/a 80", "x/a > x/b 80", "y/a > 8.8.8.8 53"],
            deny: ["x/a > 8.8.8.8 53", "x/a > 192.168.0.2 22", "x/c > 2001:db8::1 80"]),
        TierCase(
            "the pod's own node is reached, as ever", [firewall(deny("0.0.0.0/0"))],
            allow: ["x/a > 192.168.0.1 10250"], deny: ["x/a > 192.168.0.3 10250"]),
        TierCase(
            "what comes in is not judged", [firewall(deny("0.0.0.0/0"))],
            allow: ["8.8.8.8 > x/a 80", "192.168.0.2 > x/a 80"]),
        TierCase(
            "ports narrow a rule, and ICMP has none",
            [firewall(allow("8.8.8.8/32", tcp(443), .init(protocol: "UDP", port: 53)), deny("8.8.8.8/32"))],
            allow: ["x/a > 8.8.8.8 443", "x/a > 8.8.8.8 53 UDP"],
            deny: ["x/a > 8.8.8.8 53", "x/a > 8.8.8.8 80", "x/a > 8.8.8.8 ICMP"]),
        TierCase(
            "nodes are outside, and selected by their labels",
            [
                firewall(
                    Rule(type: "Allow", to: .init(nodeSelector: LabelSelector(matchLabels: ["zone": "b"]))),
                    deny("0.0.0.0/0"))
            ], allow: ["x/a > 192.168.0.2 22", "x/a > 203.0.113.2 22"], deny: ["x/a > 192.168.0.3 22"]),
        TierCase(
            "it closes and never opens: the other tiers are asked after an Allow",
            [
                firewall(allow("8.8.8.8/32")), .network(NetworkPolicy.closed),
            ], deny: ["x/a > 8.8.8.8 53"]),
        TierCase(
            "no Allow of another tier opens what it closes",
            [firewall(deny("8.8.8.8/32")), anp("a", egress: [to("Allow", networks("0.0.0.0/0"))])],
            allow: ["x/a > 9.9.9.9 53"], deny: ["x/a > 8.8.8.8 53"]),
        TierCase(
            "of EgressNetworkPolicy, 0.0.0.0/0 is everything, IPv6 too",
            [policy(allow("8.8.8.8/32"), deny("0.0.0.0/0"))],
            allow: ["x/a > 8.8.8.8 53", "x/a > y/a 80"], deny: ["x/a > 9.9.9.9 53", "x/a > 2001:db8::1 80"]),
        TierCase(
            "of EgressNetworkPolicy, 0.0.0.0/32 is read as 0.0.0.0/0", [policy(deny("0.0.0.0/32"))],
            deny: ["x/a > 9.9.9.9 53"]),
        TierCase(
            "of EgressFirewall, 0.0.0.0/0 is IPv4", [firewall(deny("0.0.0.0/0"))], allow: ["x/a > 2001:db8::1 80"]),
        TierCase(
            "two in one namespace close it", [firewall(allow("0.0.0.0/0")), policy(allow("0.0.0.0/0"))],
            allow: ["x/a > y/a 80", "y/a > 8.8.8.8 53"], deny: ["x/a > 8.8.8.8 53", "x/b > 2001:db8::1 80"]),
        TierCase(
            "one in each of two namespaces is fine",
            [firewall(deny("8.8.8.8/32")), firewall(in: "y", deny("9.9.9.9/32"))],
            allow: ["x/a > 9.9.9.9 53", "y/a > 8.8.8.8 53"], deny: ["x/a > 8.8.8.8 53", "y/a > 9.9.9.9 53"]),
        TierCase("no rules close nothing", [firewall()], allow: ["x/a > 8.8.8.8 53"]),
    ]

    @Test("egress firewalls mean what their APIs say, and leave nothing behind", arguments: cases)
    func semantics(example: TierCase) { TierSemanticsTests().check(example) }

    static let broken: [(String, EgressFirewall)] = [
        ("spec.egress[0].type", made(Rule(type: "Maybe", to: .init(cidrSelector: "8.8.8.8/32")))),
        ("spec.egress[0].to.cidrSelector", made(allow("8.8.8.8"))),
        ("spec.egress[0].to", made(Rule(type: "Allow", to: .init()))),
        ("spec.egress[0].to", made(Rule(type: "Allow", to: .init(cidrSelector: "8.8.8.8/32", dnsName: "a.b")))),
        ("spec.egress[0].to.dnsName", made(Rule(type: "Allow", to: .init(dnsName: "a..b")))),
        ("spec.egress[0].ports[0].protocol", made(allow("8.8.8.8/32", .init(protocol: "tcp", port: 1)))),
        ("spec.egress[0].ports[0].port", made(allow("8.8.8.8/32", tcp(0)))),
        ("spec.egress", EgressFirewall(namespace: "x", spec: EgressFirewallSpec())),
        ("spec.egress", EgressFirewall(namespace: "x")),
        ("metadata.name", EgressFirewall(namespace: "x", name: "other", spec: EgressFirewallSpec(egress: []))),
        (
            "spec.egress",
            EgressFirewall(
                namespace: "x", spec: .init(egress: Array(repeating: allow("8.8.8.8/32"), count: 8001)))
        ),
    ]

    private static func made(_ rule: Rule) -> EgressFirewall {
        EgressFirewall(namespace: "x", spec: EgressFirewallSpec(egress: [rule]))
    }

    @Test("one with an error closes its namespace, and says where", arguments: broken)
    func failsClosed(path: String, firewall: EgressFirewall) throws {
        var scene = Scene()
        scene.engine.upsert(firewall)
        #expect(!scene.verdict("x/a > 8.8.8.8 53").allowed && !scene.verdict("x/a > 9.9.9.9 80").allowed)
        #expect(scene.verdict("x/a > y/a 80").allowed && scene.verdict("y/a > 8.8.8.8 53").allowed)
        let diagnostic = try #require(scene.engine.diagnostics.first)
        #expect(diagnostic.reference == PolicyReference(.egressFirewall, firewall.key) && diagnostic.path == path)
        #expect(diagnostic.consequence == "nothing leaves the cluster from namespace x")
    }

    @Test("the rule is named, by its place, and a closed one says so")
    func reasons() {
        var scene = Scene()
        Self.firewall(Self.deny("8.8.8.8/32")).enter(&scene.engine)
        #expect(scene.verdict("x/a > 8.8.8.8 53").rule == "EgressFirewall x/default egress[0]")
        Self.policy().enter(&scene.engine)
        #expect(
            scene.verdict("x/a > 9.9.9.9 53").rule
                == "EgressFirewall x/default: closed, since it cannot be relied on (see its status)")
        #expect(
            scene.engine.diagnostics.map(\.message) == [
                "EgressNetworkPolicy x/p is about the same namespace: keep one of them",
                "EgressFirewall x/default is about the same namespace: keep one of them",
            ])
    }

    @Test("addresses in the pods' ranges are inside, known or not, as soon as the network is")
    func ranges() {
        var scene = Scene()
        Self.firewall(Self.deny("0.0.0.0/0")).enter(&scene.engine)
        #expect(!scene.verdict("x/a > 10.0.7.7 80").allowed)
        scene.engine.upsert(ClusterNetwork(clusterNetworks: [.init(cidr: "10.0.0.0/16", hostSubnetLength: 8)]))
        #expect(scene.verdict("x/a > 10.0.7.7 80").allowed)
        scene.engine.removeClusterNetwork("default")
        #expect(!scene.verdict("x/a > 10.0.7.7 80").allowed)
    }
}

extension NetworkPolicy {
    fileprivate static let closed = policy("closed", types: [.egress])
}
