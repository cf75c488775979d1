import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// In a live cluster a namespace's object may still be on its way: then what depends on its labels lets nothing through.
@Suite struct TierUnseenTests {
    private static let red = LabelSelector(matchLabels: ["team": "red"])
    private static let calm = LabelSelector(matchExpressions: [.init(key: "team", operator: .notIn, values: ["red"])])

    /// Pods q/a and r/a, and the object of namespace q.
    private func engine(_ policies: AnyPolicy...) -> PolicyEngine {
        var engine = PolicyEngine(input: .live)
        engine.upsert(Namespace(metadata: ObjectMeta(name: "q", labels: ["ns": "q"])))
        engine.upsert(Scene.pod("q", "a", host: 1, node: "n1"))
        engine.upsert(Scene.pod("r", "a", host: 2, node: "n2"))
        for policy in policies { policy.enter(&engine) }
        return engine
    }

    private func isOpen(_ engine: PolicyEngine, _ source: String = "r/a", _ destination: String = "q/a") -> Bool {
        engine.verdict(for: Flow(from: Scene.party(source), to: Scene.party(destination), transport: .tcp, port: 80))
            .allowed
    }

    @Test("an unseen namespace's pods are peers of a Deny, of a Pass only to be denied, and of no Allow")
    func peers() {
        let peer = ClusterPolicyPeer(namespaces: Self.red)
        let subject = inside("q")
        let deny = cnp(
            "z", "Admin", 9, subject, ingress: [acceptFrom("Deny", ClusterPolicyPeer(namespaces: Self.calm))])
        for (action, unseen, red, calm) in [
            ("Deny", false, false, true), ("Pass", false, true, true), ("Allow", true, true, true),
        ] {
            var engine = engine(anp("p", 1, subject, ingress: [from(action, peer)]))
            #expect(isOpen(engine) == unseen, "\(action)")
            engine.upsert(Namespace(metadata: ObjectMeta(name: "r", labels: ["team": "red"])))
            #expect(isOpen(engine) == red, "\(action), red")
            engine.upsert(Namespace(metadata: ObjectMeta(name: "r", labels: ["team": "blue"])))
            #expect(isOpen(engine) == calm, "\(action), blue")
            engine.removeNamespace("r")
            #expect(isOpen(engine) == unseen, "\(action), unseen again")
            deny.enter(&engine)
            #expect(!isOpen(engine), "\(action), and a Deny after it")
            engine.upsert(Namespace(metadata: ObjectMeta(name: "r", labels: ["team": "red"])))
            #expect(isOpen(engine) == (action != "Deny"), "\(action), red, and a Deny of others after it")
        }
    }

    @Test("a named port of an unseen namespace's pods is denied too")
    func namedPort() {
        let rule = to("Deny", ClusterPolicyPeer(namespaces: Self.red), ports: [.init(namedPort: "serve-80-tcp")])
        var engine = engine(anp("p", 1, inside("q"), egress: [rule]))
        #expect(!isOpen(engine, "q/a", "r/a"))
        engine.upsert(Namespace(metadata: ObjectMeta(name: "r")))
        #expect(isOpen(engine, "q/a", "r/a"))
    }

    @Test("pods of an unseen namespace are subjects of every Deny, and its Allow and Pass let nothing through")
    func subjects() {
        let subject = ClusterPolicySubject(namespaces: Self.red)
        for (action, unseen) in [("Deny", false), ("Pass", false), ("Allow", false)] {
            let policies = [
                anp("p", 1, subject, ingress: [from(action, pods())]),
                cnp("z", "Admin", 2, everywhere, ingress: [acceptFrom("Deny", pods())]),
            ]
            var engine = engine(policies[0], policies[1])
            #expect(isOpen(engine, "q/a", "r/a") == unseen, "\(action)")
            engine.upsert(Namespace(metadata: ObjectMeta(name: "r", labels: ["team": "red"])))
            #expect(isOpen(engine, "q/a", "r/a") == (action != "Deny"), "\(action), red")
        }
    }

    @Test("what the name alone decides is certain at once")
    func byName() {
        let byName = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "r"])
        let peer = ClusterPolicyPeer(namespaces: byName)
        let deny = cnp(
            "z", "Admin", 2, everywhere, ingress: [acceptFrom("Deny", ClusterPolicyPeer(namespaces: LabelSelector()))])
        let engine = engine(anp("p", 1, inside("q"), ingress: [from("Allow", peer)]), deny)
        #expect(isOpen(engine))
        #expect(engine.peerSets.count == 2)
    }
}
