import ClusterAPI
import NetworkTypes
import PolicyEngine
import PolicyExplanation
import Testing

/// What is said about single rules, in the scene of namespaces x, y and z with pods a, b and c.
@Suite struct ExplanationTests {
    struct NearMiss: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let peers: [NetworkPolicyPeer]?
        let ports: [NetworkPolicyPort]?
        let question: Flow
        let texts: [String]

        init(
            _ promise: String, from peers: [NetworkPolicyPeer]? = nil, ports: [NetworkPolicyPort]? = nil,
            asked from: String = "y/b", _ transport: TransportProtocol = .tcp, _ port: UInt16? = 80,
            says texts: String...
        ) {
            testDescription = promise
            self.peers = peers
            self.ports = ports
            question = Flow(from: Scene.party(from), to: Scene.party("x/a"), transport: transport, port: port)
            self.texts = texts
        }
    }

    static let nearMisses = [
        NearMiss(
            "the namespace's label differs", from: [NetworkPolicyPeer(namespaceSelector: namespace("z"))],
            says: "namespace label differs: wanted ns=z, has ns=y"),
        NearMiss(
            "the pod's label differs",
            from: [NetworkPolicyPeer(podSelector: pod("c"), namespaceSelector: namespace("y"))],
            says: "pod label differs: wanted pod=c, has pod=b"),
        NearMiss(
            "the label is missing",
            from: [
                NetworkPolicyPeer(
                    podSelector: LabelSelector(matchLabels: ["app": "web"]), namespaceSelector: LabelSelector())
            ], says: "pod label differs: wanted app=web, has no app"),
        NearMiss(
            "selectors without a namespace are about the policy's own",
            from: [NetworkPolicyPeer(podSelector: pod("b"))], says: "namespace differs: wanted x, is in y"),
        NearMiss(
            "the port differs", ports: [NetworkPolicyPort(port: .int(8080))],
            says: "port differs: rule says TCP 8080, asked 80"),
        NearMiss(
            "the protocol differs", ports: [NetworkPolicyPort(protocol: "UDP", port: .int(80))],
            says: "protocol differs: rule says UDP 80, asked TCP"),
        NearMiss(
            "ICMP has no ports", ports: [NetworkPolicyPort(port: .int(80))], asked: "y/b", .icmp, nil,
            says: "ICMP has no ports: only a rule without ports is about it"),
        NearMiss(
            "the destination has no port of that name", ports: [NetworkPolicyPort(port: .string("http"))],
            says: "the destination declares no port named http (TCP)"),
        NearMiss(
            "the named port has another number", ports: [NetworkPolicyPort(port: .string("serve-81-tcp"))],
            says: "the port named serve-81-tcp is 81 on the destination"),
        NearMiss("the address is outside", from: [block("10.9.0.0/16")], says: "10.0.0.5 is outside 10.9.0.0/16"),
        NearMiss(
            "the address is in an exception", from: [block("10.0.0.0/8", except: ["10.0.0.4/30"])],
            says: "10.0.0.5 is inside the exception 10.0.0.4/30 of 10.0.0.0/8"),
        NearMiss(
            "who is outside is no pod", from: [NetworkPolicyPeer(namespaceSelector: LabelSelector())],
            asked: "203.0.113.7", says: "selectors are about pods, and 203.0.113.7 is none on a network of its own"),
    ]

    @Test("a rule that does not match says what differs", arguments: nearMisses)
    func nearMiss(_ miss: NearMiss) throws {
        let scene = Scene(policy("web", types: [.ingress], ingress: [.init(from: miss.peers, ports: miss.ports)]))
        let explanation = scene.engine.explanation(of: miss.question)
        let tier = try #require(explanation.ingress.tiers.first)
        let rule = try #require(tier.rules.first)
        #expect(
            (rule.ports + rule.peers.flatMap(\.differences)).map { $0.text(explanation.ingress.other) } == miss.texts)
        #expect(!explanation.verdict.allowed && explanation.ingress.tiers.count == 1)
    }

    struct Advice: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let policies: [AnyPolicy]
        let question: Flow
        let first: String?
        let effect: Effect?
        let obstacle: String?

        init(
            _ promise: String, _ policies: [AnyPolicy], _ from: String, _ to: String, says first: String?,
            _ effect: Effect? = nil, obstacle: String? = nil
        ) {
            testDescription = promise
            self.policies = policies
            question = Flow(from: Scene.party(from), to: Scene.party(to), transport: .tcp, port: 80)
            self.first = first
            self.effect = effect
            self.obstacle = obstacle
        }
    }

    static func ingress(_ peers: [NetworkPolicyPeer], _ port: Int? = nil, pods: LabelSelector = pod("a")) -> AnyPolicy {
        let ports = port.map { [NetworkPolicyPort(port: .int($0))] }
        return .network(policy("web", pods: pods, types: [.ingress], ingress: [.init(from: peers, ports: ports)]))
    }

    static let advices = [
        Advice(
            "a port is opened where the peer is right",
            [ingress([NetworkPolicyPeer(podSelector: pod("b"), namespaceSelector: namespace("y"))], 81)], "y/b", "x/a",
            says: "open port 80/TCP in NetworkPolicy x/web ingress[0]", Effect.none),
        Advice(
            "an exception is lifted",
            [ingress([block("10.0.0.0/24", except: ["10.0.0.5/32"])])], "y/b", "x/a",
            says: "take 10.0.0.5/32 out of the exceptions of 10.0.0.0/24 in NetworkPolicy x/web ingress[0]", Effect.none
        ),
        Advice(
            "a policy without rules gets one",
            [.network(policy("web", pods: pod("a"), types: [.ingress]))], "y/b", "x/a",
            says: "add to NetworkPolicy x/web an ingress rule: from pods pod=b of namespace y, port 80/TCP", Effect.none
        ),
        Advice(
            "an admin's deny is no business of NetworkPolicies",
            [anp("lock", ingress: [from("Deny", pods("y"))])], "y/b", "x/a",
            says: "insert before AdminNetworkPolicy lock ingress[0] a rule that allows from pods pod=b of namespace y, "
                + "port 80/TCP",
            Effect(opened: 2), obstacle: "no NetworkPolicy would help: AdminNetworkPolicy lock ingress[0] denies first"),
        Advice(
            "what is allowed by a rule is denied without it",
            [ingress([NetworkPolicyPeer(podSelector: pod("b"), namespaceSelector: namespace("y"))])], "y/b", "x/a",
            says: "remove NetworkPolicy x/web ingress[0]", Effect.none),
        Advice("nothing keeps a pod from itself", [ingress([])], "x/a", "x/a", says: nil),
    ]

    @Test("the first suggestion is the smallest and least permissive", arguments: advices)
    func suggestion(_ advice: Advice) {
        var engine = Scene().engine
        for policy in advice.policies { policy.enter(&engine) }
        let explanation = engine.explanation(of: advice.question)
        let pods = ["x", "y", "z"].flatMap { space in ["a", "b", "c"].map { ObjectKey(namespace: space, name: $0) } }
        let search = SuggestionSearch(explanation, engine, pods: pods)
        let first = search.suggestions().first
        #expect(first?.steps.joined(separator: "; ") == advice.first)
        #expect(search.obstacle == advice.obstacle)
        if let effect = advice.effect { #expect(first?.effect == effect) }
    }

    @Test("labels are suggested where only they differ, and where both ends deny, both get their change")
    func labelsAndBothEnds() throws {
        let peer = NetworkPolicyPeer(
            podSelector: LabelSelector(matchLabels: ["app": "web"]), namespaceSelector: .init())
        var engine = Scene(
            policy("in", types: [.ingress], ingress: [.init(from: [peer])]),
            policy("out", in: "y", types: [.egress])
        ).engine
        let flow = Flow(from: Scene.party("y/b"), to: Scene.party("x/a"), transport: .tcp, port: 80)
        let both = SuggestionSearch(engine.explanation(of: flow), engine, pods: []).suggestions()
        #expect(both.first?.steps.count == 2)
        engine.removeNetworkPolicy(ObjectKey(namespace: "y", name: "out"))
        let one = SuggestionSearch(engine.explanation(of: flow), engine, pods: []).suggestions()
        #expect(one.first?.steps == ["label pod y/b with app=web"])
    }

    @Test("a policy that would allow, if only it selected the pod, is named with the label that it wants")
    func unselected() throws {
        let engine = Scene(
            policy("closed", pods: pod("a"), types: [.ingress]),
            policy("open", pods: pod("b"), types: [.ingress], ingress: [.init()])
        ).engine
        let flow = Flow(from: Scene.party("y/b"), to: Scene.party("x/a"), transport: .tcp, port: 80)
        let tier = try #require(engine.explanation(of: flow).ingress.tiers.first)
        #expect(tier.unselected.map { "\($0.policy)" } == ["NetworkPolicy x/open"])
        let wanted = LabelSelector.Requirement(key: "pod", operator: .in, values: ["b"])
        #expect(tier.unselected.first?.differences == [.podLabel(LabelDifference(wanted, has: "a"))])
    }
}
