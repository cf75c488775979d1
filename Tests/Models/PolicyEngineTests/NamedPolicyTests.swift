import ClusterAPI
import EgressNames
import NetworkTypes
import PolicyEngine
import Testing

/// What names mean in policies, whatever kind they are of.
@Suite("Names in policies")
struct NamedPolicyTests {
    typealias Rule = EgressFirewallSpec.Rule

    /// Policies, what pods were told, and what passes then.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let policies: [AnyPolicy]
        let told: [String]
        let allowed: [String]
        let denied: [String]

        init(_ promise: String, _ policies: [AnyPolicy], told: [String], allow: [String], deny: [String]) {
            testDescription = promise
            self.policies = policies
            self.told = told
            allowed = allow
            denied = deny
        }
    }

    private static func firewall(_ rules: Rule...) -> AnyPolicy {
        .firewall(EgressFirewall(namespace: "x", spec: EgressFirewallSpec(egress: rules)))
    }

    private static func old(_ rules: Rule...) -> AnyPolicy {
        .egress(EgressNetworkPolicy(namespace: "x", name: "p", spec: EgressFirewallSpec(egress: rules)))
    }

    private static func allow(_ name: String, _ ports: EgressFirewallSpec.Port...) -> Rule {
        Rule(type: "Allow", to: .init(dnsName: name), ports: ports.isEmpty ? nil : ports)
    }

    private static func deny(_ name: String, _ ports: EgressFirewallSpec.Port...) -> Rule {
        Rule(type: "Deny", to: .init(dnsName: name), ports: ports.isEmpty ? nil : ports)
    }

    private static func range(_ type: String, _ cidr: String) -> Rule {
        Rule(type: type, to: .init(cidrSelector: cidr))
    }

    private static let rest = [range("Deny", "0.0.0.0/0"), range("Deny", "::/0")]

    private static let told = [
        "www.example.com 192.0.2.1", "api.example.com 192.0.2.2", "a.b.example.com 192.0.2.3",
        "www.example.com 2001:db8::1",
    ]

    static let cases: [Case] = [
        Case(
            "an allowed name opens what was learned for it, in both families, and nothing else",
            [firewall(allow("www.example.com"), rest[0], rest[1])], told: told,
            allow: ["x/a > 192.0.2.1 443", "x/a > 2001:db8::1 443", "x/a > 192.0.2.1 ICMP", "x/a > y/a 80"],
            deny: ["x/a > 192.0.2.2 443", "x/a > 192.0.2.9 443", "x/a > 2001:db8::2 443"]),
        Case(
            "a star is one label of EgressFirewall, two are any number",
            [firewall(allow("*.example.com"), rest[0], rest[1])], told: told,
            allow: ["x/a > 192.0.2.1 443", "x/a > 192.0.2.2 443"], deny: ["x/a > 192.0.2.3 443"]),
        Case(
            "two stars are any number of labels", [firewall(allow("**.example.com"), rest[0], rest[1])], told: told,
            allow: ["x/a > 192.0.2.3 443"], deny: ["x/a > 192.0.2.9 443"]),
        Case(
            "ports narrow it",
            [firewall(allow("www.example.com", .init(protocol: "TCP", port: 443)), rest[0], rest[1])],
            told: told, allow: ["x/a > 192.0.2.1 443"],
            deny: ["x/a > 192.0.2.1 80", "x/a > 192.0.2.1 443 UDP", "x/a > 192.0.2.1 ICMP"]),
        Case(
            "the order of rules decides: a range that is denied before closes an address of a name",
            [firewall(range("Deny", "192.0.2.0/31"), allow("*.example.com"), rest[0], rest[1])], told: told,
            allow: ["x/a > 192.0.2.2 443"], deny: ["x/a > 192.0.2.1 443"]),
        Case(
            "a name that is denied before is not among those of a star",
            [firewall(deny("api.example.com"), allow("*.example.com"), rest[0], rest[1])], told: told,
            allow: ["x/a > 192.0.2.1 443"], deny: ["x/a > 192.0.2.2 443"]),
        Case(
            "an address that a denied name shares with an allowed one is open",
            [firewall(deny("api.example.com"), allow("*.example.com"), rest[0], rest[1])],
            told: ["api.example.com 192.0.2.1", "www.example.com 192.0.2.1"], allow: ["x/a > 192.0.2.1 443"], deny: []),
        Case(
            "EgressNetworkPolicy has names, too", [old(allow("www.example.com"), range("Deny", "0.0.0.0/0"))],
            told: told,
            allow: ["x/a > 192.0.2.1 443", "x/a > 2001:db8::1 443"],
            deny: ["x/a > 192.0.2.2 443", "x/a > 2001:db8::2 443"]),
        Case(
            "it closes and never opens: other tiers are asked after an allowed name",
            [
                firewall(allow("www.example.com")),
                .network(policy("closed", types: [.egress])),
            ], told: told, allow: [], deny: ["x/a > 192.0.2.1 443"]),
        Case(
            "of ClusterNetworkPolicy a star is at least one label, and Accept is final",
            [
                cnp("a", egress: [acceptTo("Accept", ClusterPolicyPeer(domainNames: ["*.example.com"]))]),
                .network(policy("closed", types: [.egress])),
            ], told: told, allow: ["x/a > 192.0.2.1 443", "x/a > 192.0.2.3 443"], deny: ["x/a > 192.0.2.9 443"]),
        Case(
            "names stand beside other peers of a rule, and ports narrow both",
            [
                anp(
                    "a",
                    egress: [
                        to(
                            "Allow", ClusterPolicyPeer(domainNames: ["www.example.com", "api.example.com"]),
                            networks("198.51.100.1/32"), ports: [number(443)]),
                        to("Deny", networks("0.0.0.0/0")),
                    ])
            ], told: told, allow: ["x/a > 192.0.2.1 443", "x/a > 192.0.2.2 443", "x/a > 198.51.100.1 443"],
            deny: ["x/a > 192.0.2.1 80", "x/a > 192.0.2.3 443"]),
    ]

    @Test("mean what their APIs say, before and after anything is learned", arguments: cases)
    func semantics(example: Case) throws {
        var scene = Scene()
        for policy in example.policies { policy.enter(&scene.engine) }
        _ = scene.engine.drainChanges()
        let learned = try scene.teach(example.told)
        #expect(scene.engine.drainChanges().memberChanges.isEmpty == example.told.isEmpty)
        for question in example.allowed {
            let verdict = scene.verdict(question)
            #expect(verdict.allowed, "\(question): \(verdict.rule)")
        }
        for question in example.denied {
            let verdict = scene.verdict(question)
            #expect(!verdict.allowed, "\(question): \(verdict.rule)")
        }
        #expect(scene.engine.diagnostics.isEmpty)
        // What goes, closes.
        scene.engine.learn(learned.forgotten)
        for question in example.allowed where !question.contains("198.51.100.1") && !question.contains("y/a") {
            #expect(!scene.verdict(question).allowed, "\(question) with nothing learned")
        }
        for policy in example.policies { policy.leave(&scene.engine) }
        #expect(scene.engine.peerSets.isEmpty && scene.engine.nameSelectors.isEmpty)
    }

    @Test("a zone that is closed to the outside reaches the names that it says, and lower tiers have their say")
    func zones() throws {
        func zone(_ name: String, _ order: Int, _ namespaces: LabelSelector, _ names: [String]?) -> Zone {
            var spec = ZoneSpec(order: order, namespaceSelector: namespaces)
            spec.externalNames = names
            return Zone(name: name, spec: spec)
        }
        var scene = Scene()
        scene.engine.upsert(zone("app", 0, namespace("x"), ["*.example.com"]))
        scene.engine.upsert(zone("data", 1, namespace("y"), nil))
        _ = try scene.teach(["www.example.com 192.0.2.1", "a.b.example.com 192.0.2.3"])
        #expect(scene.verdict("x/a > 192.0.2.1 443").allowed && scene.verdict("x/a > 192.0.2.1 ICMP").allowed)
        for question in ["x/a > 192.0.2.3 443", "y/a > 192.0.2.1 443", "192.0.2.1 > x/a 80", "x/a > y/a 80"] {
            #expect(!scene.verdict(question).allowed, "\(question)")
        }
        scene.engine.upsert(policy("closed", types: [.egress]))
        #expect(!scene.verdict("x/a > 192.0.2.1 443").allowed)
        // A member of another zone is none of the outside, whatever its name.
        scene.engine.removeNetworkPolicy(ObjectKey(namespace: "x", name: "closed"))
        scene.engine.upsert(Zone(name: "hosts", spec: ZoneSpec(order: 2, cidrs: ["192.0.2.0/24"])))
        #expect(!scene.verdict("x/a > 192.0.2.1 443").allowed)
        scene.engine.removeZone("hosts")
        // Where nobody knows what is outside, no name is believed.
        scene.engine.upsert(Zone(name: "broken", spec: ZoneSpec(order: 3, cidrs: ["192.0.2.0/99"])))
        #expect(!scene.verdict("x/a > 192.0.2.1 443").allowed)
        scene.engine.removeZone("broken")
        scene.engine.upsert(zone("app", 0, namespace("x"), ["*.com"]))
        #expect(scene.engine.diagnostics.map(\.path) == ["spec.externalNames[0]"])
    }

    static let refused: [(promise: String, path: Int, message: String, policy: AnyPolicy)] = [
        (
            "ports", 0, "for some ports only",
            firewall(deny("a.example.com", .init(protocol: "TCP", port: 1)), rest[0], rest[1])
        ),
        (
            "a range that is allowed after it", 0, "before rule 1",
            firewall(deny("a.example.com"), range("Allow", "192.0.2.0/24"), rest[0], rest[1])
        ),
        ("an open end", 1, "where everything", firewall(allow("*.example.com"), deny("a.example.com"))),
        (
            "an end that is open for a family", 0, "where everything",
            firewall(deny("a.example.com"), allow("*.example.com"), rest[0])
        ),
        ("a star in the middle", 0, "must be a domain name", firewall(allow("a.*.com"))),
        ("a star of an old policy", 0, "has none: use an EgressFirewall", old(allow("*.example.com"))),
        ("one label", 0, "one label only", firewall(allow("*.com"))),
    ]

    @Test("a rule that nobody could enforce closes its namespace, and says where and why", arguments: refused.indices)
    func refusals(place: Int) throws {
        let example = Self.refused[place]
        var scene = Scene()
        example.policy.enter(&scene.engine)
        _ = try scene.teach(["a.example.com 192.0.2.1", "b.example.com 192.0.2.2"])
        for question in ["x/a > 192.0.2.1 443", "x/a > 192.0.2.2 443", "x/a > 9.9.9.9 80"] {
            #expect(!scene.verdict(question).allowed, "\(question)")
        }
        #expect(scene.verdict("x/a > y/a 80").allowed && scene.verdict("y/a > 9.9.9.9 80").allowed)
        let diagnostic = try #require(scene.engine.diagnostics.first)
        #expect(scene.engine.diagnostics.count == 1)
        #expect(diagnostic.path == "spec.egress[\(example.path)].to.dnsName")
        #expect(diagnostic.message.contains(example.message), "\(diagnostic.message)")
        #expect(diagnostic.consequence == "nothing leaves the cluster from namespace x")
    }

    @Test("a denied name after the end is never asked, and is no mistake")
    func afterTheEnd() {
        var scene = Scene()
        Self.firewall(Self.rest[0], Self.rest[1], Self.deny("a.example.com")).enter(&scene.engine)
        #expect(scene.engine.diagnostics.isEmpty)
    }

    @Test("the rule of a name is the reason, and sets are shared by what they mean")
    func reasons() throws {
        var scene = Scene()
        Self.firewall(Self.range("Deny", "198.51.100.0/24"), Self.allow("www.Example.com"), Self.rest[0]).enter(
            &scene.engine)
        cnp("a", egress: [acceptTo("Accept", ClusterPolicyPeer(domainNames: ["WWW.example.com."]))]).enter(
            &scene.engine)
        _ = try scene.teach(["www.example.com 192.0.2.1"])
        #expect(scene.engine.peerSets.filter { $0.kind == .names }.map(\.definition) == ["www.example.com."])
        #expect(scene.verdict("x/a > 192.0.2.1 443").rule.contains("ClusterNetworkPolicy a (Admin) egress[0]"))
        #expect(scene.verdict("x/a > 192.0.2.2 443").rule == "EgressFirewall x/default egress[2]")
    }

    @Test("a supposed address is one of every pattern that its name fits")
    func supposition() throws {
        var scene = Scene()
        Self.firewall(Self.allow("*.example.com"), Self.rest[0], Self.rest[1]).enter(&scene.engine)
        let address = try #require(IPAddress("192.0.2.77"))
        #expect(!scene.verdict("x/a > 192.0.2.77 443").allowed)
        scene.engine.suppose(try #require(DomainName("new.example.com")), has: address)
        #expect(scene.verdict("x/a > 192.0.2.77 443").allowed)
    }
}

/// What was put into an engine, and what takes it out again.
struct Teaching {
    var forgotten = NameSetDelta()
}

extension Scene {
    /// `www.example.com 192.0.2.1`, told to pods that mention everything that policies do.
    mutating func teach(_ told: [String]) throws -> Teaching {
        let pod = ObjectKey(namespace: "x", name: "a")
        var followed = FollowedNames()
        _ = followed.mention(Set(engine.nameSelectors.values), by: pod)
        var delta = NameSetDelta()
        for text in told {
            let words = text.split(separator: " ").map(String.init)
            let name = try #require(DomainName(words[0]))
            let address = try #require(IPAddress(words[1]))
            followed.follow(.add(LearnedAddress(client: pod, name: name, address: address, deadline: 9)), &delta)
        }
        engine.learn(delta)
        var forgotten = NameSetDelta()
        followed.follow(.begin, &forgotten)
        return Teaching(forgotten: forgotten)
    }
}
