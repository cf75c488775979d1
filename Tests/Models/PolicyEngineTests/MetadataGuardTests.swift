import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// The cloud's metadata: closed, but for those that a MetadataAccess selects.
@Suite struct MetadataGuardTests {
    private static let metadata = [
        "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254",
        "fd20:ce::254",
    ]

    private static func access(_ subject: ClusterPolicySubject?) -> AnyPolicy {
        .metadata(MetadataAccess(name: "agents", spec: MetadataAccessSpec(subject: subject)))
    }

    private static func onePod(_ namespaceName: String, _ name: String) -> ClusterPolicySubject {
        ClusterPolicySubject(
            pods: NamespacedPods(namespaceSelector: namespace(namespaceName), podSelector: pod(name)))
    }

    private static func question(from pod: ObjectKey) throws -> Flow {
        Flow(
            from: .pod(pod), to: .address(try #require(IPAddress("169.254.169.254"))), transport: .tcp, port: 80)
    }

    static let cases: [TierCase] = [
        TierCase(
            "without an object every pod is kept from it, by every protocol", [],
            allow: ["x/a > 169.254.169.253 80", "x/a > 8.8.8.8 80"],
            deny: ["x/a > 169.254.169.254 80", "x/a > 169.254.169.254 ICMP", "x/a > 169.254.169.254 123 UDP"]),
        TierCase(
            "name service at the same address stays open", [],
            allow: ["x/a > 169.254.169.254 53", "x/a > 169.254.169.254 53 UDP"], deny: ["x/a > fd00:ec2::254 54"]),
        TierCase(
            "an object opens it for those whom it selects", [access(onePod("x", "a"))],
            allow: ["x/a > 169.254.169.254 80"], deny: ["x/b > 169.254.169.254 80", "y/a > 169.254.169.254 80"]),
        TierCase(
            "one may be for whole namespaces", [access(inside("x"))],
            allow: ["x/a > 169.254.169.254 80", "x/c > fd00:ec2::254 80"], deny: ["y/a > 169.254.169.254 80"]),
        TierCase(
            "it opens no further than policies do",
            [access(inside("x")), anp("closed", egress: [to("Deny", networks("169.254.0.0/16"))])],
            deny: ["x/a > 169.254.169.254 80"]),
        TierCase(
            "no Allow of a policy stands for it",
            [anp("open", egress: [to("Allow", networks("0.0.0.0/0"))])], allow: ["x/a > 8.8.8.8 80"],
            deny: ["x/a > 169.254.169.254 80"]),
        TierCase("what comes from there is none of its business", [], allow: ["169.254.169.254 > x/a 80"]),
        TierCase("nodes are not kept from it", [], allow: ["192.168.0.1 > 169.254.169.254 80"]),
    ]

    @Test("the guard closes to all, and objects open to some", arguments: cases)
    func semantics(example: TierCase) {
        var scene = Scene()
        for policy in example.policies { policy.enter(&scene.engine) }
        for question in example.allowed { #expect(scene.verdict(question).allowed, "\(question)") }
        for question in example.denied { #expect(!scene.verdict(question).allowed, "\(question)") }
        for policy in example.policies { policy.leave(&scene.engine) }
        for question in example.denied where question.contains("169.254.169.254") {
            #expect(!scene.verdict(question).allowed, "\(question), the objects gone")
        }
        #expect(scene.engine.peerSets.isEmpty && scene.engine.diagnostics.isEmpty)
    }

    @Test("every address at which a cloud has its metadata is guarded", arguments: metadata)
    func addresses(address: String) {
        #expect(!Scene().verdict("x/a > \(address) 80").allowed)
    }

    static let broken: [(String, MetadataAccess)] = [
        ("spec", MetadataAccess(name: "m")),
        ("spec.subject", MetadataAccess(name: "m", spec: .init(subject: nil))),
        ("spec.subject", MetadataAccess(name: "m", spec: .init(subject: ClusterPolicySubject()))),
        (
            "spec.subject.namespaces.matchExpressions[0].operator",
            MetadataAccess(
                name: "m",
                spec: .init(
                    subject: ClusterPolicySubject(
                        namespaces: LabelSelector(matchExpressions: [.init(key: "a", operator: .init(rawValue: "Near"))]
                        ))))
        ),
    ]

    @Test("one with an error opens nothing, and says where it lies", arguments: broken)
    func failsClosed(path: String, access: MetadataAccess) {
        var scene = Scene()
        scene.engine.upsert(access)
        #expect(!scene.verdict("x/a > 169.254.169.254 80").allowed)
        #expect(scene.engine.diagnostics.first?.path == path)
        #expect(scene.engine.diagnostics.first?.consequence == "it opens nothing")
    }

    @Test("the guard is named as the reason, and explained before all tiers")
    func reason() throws {
        var scene = Scene()
        let flow = try Self.question(from: ObjectKey(namespace: "x", name: "a"))
        let explained = scene.engine.explanation(of: flow)
        let address = try #require(IPAddress("169.254.169.254"))
        let decision = Decision(
            allowed: false, rule: .metadataGuard(ObjectKey(namespace: "x", name: "a"), address))
        #expect(explained.egress.decision == decision)
        #expect(explained.egress.tiers.first?.tier == .metadata)
        #expect(explained.egress.decided == decision)
        Self.access(inside("x")).enter(&scene.engine)
        let open = scene.engine.explanation(of: flow).egress
        #expect(open.decision.allowed && open.tiers.first?.policies.map(\.key.name) == ["agents"])
    }

    @Test("while a namespace's labels are not known, an object that asks for them opens nothing")
    func unseen() throws {
        var engine = PolicyEngine(input: .live)
        engine.upsert(Scene.pod("q", "a", host: 99, node: "n1"))
        engine.upsert(
            MetadataAccess(
                name: "m", spec: .init(subject: .init(namespaces: LabelSelector(matchLabels: ["ns": "q"])))))
        let flow = try Self.question(from: ObjectKey(namespace: "q", name: "a"))
        #expect(!engine.verdict(for: flow).allowed)
        engine.upsert(Namespace(metadata: ObjectMeta(name: "q", labels: ["ns": "q"])))
        #expect(engine.verdict(for: flow).allowed)
    }
}
