import ClusterAPI
import PolicyEngine
import Testing

/// What of a cluster-wide policy cannot be understood: an Allow is about nobody, a Deny or Pass about everyone.
@Suite struct TierFailClosedTests {
    struct Broken: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Makes a policy whose first egress rule, of this action, is broken.
        let make: @Sendable (_ action: String) -> AnyPolicy
        let path: String
    }

    private static func broken(_ text: String, _ path: String, _ peer: ClusterPolicyPeer) -> Broken {
        Broken(testDescription: text, make: { anp("p", egress: [to($0, peer)]) }, path: "to[0]" + path)
    }

    private static func broken(_ text: String, _ path: String, _ port: AdminNetworkPolicySpec.Port) -> Broken {
        Broken(
            testDescription: text, make: { anp("p", egress: [to($0, pods("y"), ports: [port])]) },
            path: "ports[0]" + path)
    }

    private static let nonsense = LabelSelector(matchExpressions: [.init(key: "k", operator: .unknown("Is"))])

    static let rules: [Broken] = [
        broken("no kind of peer that we know", "", ClusterPolicyPeer()),
        broken("two kinds of peer", "", ClusterPolicyPeer(namespaces: namespace("y"), networks: ["10.0.0.0/8"])),
        broken("network", ".networks[0]", networks("10.0.0.0/40")),
        broken("no networks", ".networks", ClusterPolicyPeer(networks: [])),
        broken("name", ".domainNames[0]", ClusterPolicyPeer(domainNames: ["*"])),
        broken("operator", ".namespaces.matchExpressions[0].operator", ClusterPolicyPeer(namespaces: nonsense)),
        broken("operator on nodes", ".nodes.matchExpressions[0].operator", ClusterPolicyPeer(nodes: nonsense)),
        broken(
            "no podSelector", ".pods.podSelector",
            ClusterPolicyPeer(pods: NamespacedPods(namespaceSelector: LabelSelector()))),
        broken("no kind of port that we know", "", AdminNetworkPolicySpec.Port()),
        broken("port", ".portNumber.port", number(70_000)),
        broken("protocol", ".portNumber.protocol", number(80, "tcp")),
        broken("range", ".portRange", AdminNetworkPolicySpec.Port(portRange: .init(start: 81, end: 80))),
        broken("port name", ".namedPort", AdminNetworkPolicySpec.Port(namedPort: "No_Name")),
        Broken(
            testDescription: "no peers", make: { anp("p", egress: [AdminRule(action: $0, to: [])]) }, path: "to"),
        Broken(
            testDescription: "ports without an item",
            make: { anp("p", egress: [AdminRule(action: $0, to: [pods()], ports: [])]) }, path: "ports"),
        Broken(
            testDescription: "named ports of networks",
            make: { anp("p", egress: [to($0, networks("10.0.0.0/8"), ports: [.init(namedPort: "http")])]) },
            path: "to[0].networks"),
    ]

    @Test("a broken Allow allows nothing; a broken Deny or Pass denies everything", arguments: rules)
    func brokenRule(broken: Broken) {
        for (action, isAllowed) in [("Allow", true), ("Deny", false), ("Pass", false)] {
            var scene = Scene()
            broken.make(action).enter(&scene.engine)
            // Nothing else has a say, so what no rule is about passes.
            #expect(scene.verdict("x/a > z/a 9").allowed == isAllowed, "\(action)")
            #expect(scene.verdict("x/a > 8.8.8.8 ICMP").allowed == isAllowed, "\(action)")
            #expect(scene.verdict("z/a > x/a 9").allowed, "the other direction, \(action)")
            let paths = scene.engine.diagnostics.map(\.path)
            let expected = "spec.egress[0].\(broken.path)"
            #expect(paths.contains(expected), "\(action): \(paths)")
            // A broken Allow must not let through what would be denied.
            Self.deny.enter(&scene.engine)
            #expect(!scene.verdict("x/a > z/a 9").allowed)
            #expect(!scene.verdict("x/a > y/a 80").allowed)
        }
    }

    private static let deny = cnp("z", "Admin", 1000, egress: [acceptTo("Deny", pods())])

    @Test("an action of no such API denies everything, and so does one of the other API")
    func unknownAction() {
        for policy in [
            anp("p", ingress: [from("Accept", pods("y"))]), cnp("p", ingress: [acceptFrom("Allow", pods("y"))]),
        ] {
            var scene = Scene()
            policy.enter(&scene.engine)
            #expect(!scene.verdict("z/a > x/a 9").allowed)
            #expect(scene.engine.diagnostics.map(\.path) == ["spec.ingress[0].action"])
        }
        var scene = Scene()
        banp(ingress: [from("Pass", pods("y"))]).enter(&scene.engine)
        #expect(!scene.verdict("z/a > x/a 9").allowed)
    }

    @Test("peers of egress in ingress, and a list of the other direction, are not understood")
    func otherDirection() {
        for rule in [
            from("Deny", networks("198.51.100.0/24")), AdminRule(action: "Deny", from: [pods("y")], to: [pods()]),
        ] {
            var scene = Scene()
            anp("p", ingress: [rule]).enter(&scene.engine)
            #expect(!scene.verdict("z/a > x/a 9").allowed)
            #expect(scene.engine.diagnostics.count == 1)
        }
    }

    @Test("a broken rule leaves those before it in force, and denies what comes after")
    func neighbours() {
        var scene = Scene()
        anp("p", ingress: [from("Allow", pods("y")), from("Deny", ClusterPolicyPeer()), from("Allow", pods("z"))])
            .enter(&scene.engine)
        #expect(scene.verdict("y/a > x/a 80").allowed)
        #expect(scene.verdict("z/a > x/a 80").rule.hasSuffix("AdminNetworkPolicy p ingress[1]"))
        #expect(scene.verdict("8.8.8.8 > x/a 80").rule.hasSuffix("AdminNetworkPolicy p ingress[1]"))
    }

    @Test("a subject that cannot be understood is wide, its Allow is not believed, and its Pass denies what it passes")
    func brokenSubject() {
        var selector = namespace("x")
        selector.matchExpressions = [.init(key: "tier", operator: .unknown("Near"), values: ["a"])]
        let rules = [from("Allow", pods("y", "a")), from("Pass", pods("y", "b")), from("Deny", pods("z"))]
        for subject in [ClusterPolicySubject(namespaces: selector), ClusterPolicySubject()] {
            var scene = Scene()
            anp("p", 1, subject, ingress: rules).enter(&scene.engine)
            cnp("after", "Admin", 2, everywhere, ingress: [acceptFrom("Deny", pods("y", "a"))]).enter(&scene.engine)
            #expect(!scene.verdict("y/a > x/a 80").allowed)
            #expect(!scene.verdict("y/b > x/a 80").allowed)
            #expect(!scene.verdict("z/a > x/a 80").allowed)
            #expect(scene.verdict("y/c > x/a 80").allowed)
            #expect(scene.verdict("z/a > y/a 80").allowed == (subject.namespaces != nil))
        }
    }

    @Test("an unknown tier counts as Admin, a missing priority as the first, where nothing is let through")
    func place() {
        var scene = Scene(policy("open", ingress: [.init()]))
        cnp("p", "Sideways", ingress: [acceptFrom("Deny", pods("y"))]).enter(&scene.engine)
        #expect(scene.verdict("y/a > x/a 80").rule.hasSuffix("ClusterNetworkPolicy p (Admin) ingress[0]"))
        anp("allow", 0, ingress: [from("Allow", pods())]).enter(&scene.engine)
        #expect(scene.verdict("y/a > x/a 80").allowed)
        anp("lost", nil, ingress: [from("Allow", pods("y")), from("Pass", pods("y", "b")), from("Deny", pods("z"))])
            .enter(&scene.engine)
        #expect(!scene.verdict("z/a > x/a 80").allowed)
        #expect(!scene.verdict("y/b > x/a 80").allowed)
        #expect(scene.verdict("y/a > x/a 80").rule.hasSuffix("AdminNetworkPolicy allow ingress[0]"))
        #expect(scene.engine.diagnostics.map(\.path) == ["spec.priority", "spec.tier"])
    }

    @Test(
        "a ClusterNetworkPolicy without priority or tier can be read: it is the first of the Admin tier, and opens nothing"
    )
    func placeOfClusterPolicy() throws {
        var scene = Scene()
        cnp("p", nil, nil, ingress: [acceptFrom("Accept", pods("y")), acceptFrom("Deny", pods("z"))])
            .enter(&scene.engine)
        cnp("q", "Admin", 0, ingress: [acceptFrom("Accept", pods())]).enter(&scene.engine)
        #expect(scene.verdict("y/a > x/a 80").rule.hasSuffix("ClusterNetworkPolicy q (Admin) ingress[0]"))
        #expect(scene.verdict("z/a > x/a 80").rule.hasSuffix("ClusterNetworkPolicy p (Admin) ingress[1]"))
        #expect(scene.verdict("z/a > y/a 80").allowed)
        #expect(scene.engine.diagnostics.map(\.path) == ["spec.priority", "spec.tier"])
    }

    @Test("a priority out of bounds stands where its number puts it, and is reported")
    func bounds() {
        var scene = Scene()
        anp("early", -5, ingress: [from("Deny", pods("y"))]).enter(&scene.engine)
        anp("late", 1001, ingress: [from("Deny", pods())]).enter(&scene.engine)
        anp("middle", 5, ingress: [from("Allow", pods())]).enter(&scene.engine)
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        #expect(scene.verdict("z/a > x/a 80").allowed)
        #expect(scene.engine.diagnostics.map(\.path) == ["spec.priority", "spec.priority"])
    }

    @Test("more than the API takes is understood, and reported")
    func size() {
        var scene = Scene()
        let many = (0..<26).map { _ in acceptFrom("Accept", pods("y")) } + [acceptFrom("Deny", pods())]
        cnp("p", ingress: many).enter(&scene.engine)
        #expect(scene.verdict("y/a > x/a 80").allowed)
        #expect(!scene.verdict("z/a > x/a 80").allowed)
        #expect(scene.engine.diagnostics.map(\.message) == ["Too many: 27: must have at most 25 items"])
    }

    @Test("a policy of which nothing can be read denies everything of its tier")
    func unreadable() {
        var admin = AdminNetworkPolicy(name: "p", spec: AdminNetworkPolicySpec(subject: everywhere))
        admin.spec = nil
        var scene = Scene()
        scene.engine.upsert(admin)
        anp("a", 0, ingress: [from("Allow", pods())]).enter(&scene.engine)
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        #expect(scene.verdict("y/a > 8.8.8.8 80").rule == "AdminNetworkPolicy p egress: the policy cannot be read")
        #expect(scene.engine.diagnostics.map(\.path) == ["spec"])
        scene.engine.removeAdminNetworkPolicy("p")
        #expect(scene.verdict("y/a > x/a 80").allowed)
        var baseline = BaselineAdminNetworkPolicy(spec: AdminNetworkPolicySpec(subject: everywhere))
        baseline.spec = nil
        scene.engine.upsert(baseline)
        #expect(!scene.verdict("y/a > z/a 80").allowed)
        #expect(scene.engine.diagnostics.map(\.path) == ["spec"])
        scene.engine.removeBaselineAdminNetworkPolicy("default")
        var another = BaselineAdminNetworkPolicy(name: "another", spec: AdminNetworkPolicySpec(subject: everywhere))
        another.spec = nil
        scene.engine.upsert(another)
        #expect(scene.verdict("y/a > z/a 80").allowed)
    }
}
