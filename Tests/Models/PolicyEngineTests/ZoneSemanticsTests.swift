import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// What zones mean: a table of promises over the scene's namespaces x, y and z.
@Suite struct ZoneSemanticsTests {
    struct ZoneCase: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let zones: [Zone]
        var policies: [AnyPolicy] = []
        let allowed: [String]
        let denied: [String]

        init(
            _ promise: String, _ zones: [Zone], _ policies: [AnyPolicy] = [], allow: [String] = [], deny: [String] = []
        ) {
            testDescription = promise
            self.zones = zones
            self.policies = policies
            allowed = allow
            denied = deny
        }
    }

    private static func zone(_ name: String, _ namespaceName: String, _ change: (inout ZoneSpec) -> Void = { _ in })
        -> Zone
    {
        var spec = ZoneSpec(order: 1, namespaceSelector: namespace(namespaceName))
        change(&spec)
        return Zone(name: name, spec: spec)
    }

    private static func hole(
        from zone: String, _ source: LabelSelector? = nil, to target: LabelSelector? = nil, ports: [Int]? = nil,
        expires: String? = nil
    ) -> ZoneSpec.Hole {
        ZoneSpec.Hole(
            name: "way", from: .init(zone: zone, podSelector: source),
            to: target.map { ZoneSpec.Target(podSelector: $0) },
            ports: ports.map { $0.map { NetworkPolicyPort(port: .int($0)) } }, owner: "net", reason: "needed",
            expires: expires)
    }

    private static let three = [zone("a", "x"), zone("b", "y"), zone("c", "z")]

    private static func holed(_ holes: ZoneSpec.Hole...) -> [Zone] {
        [zone("a", "x"), zone("b", "y") { $0.holes = holes }, zone("c", "z")]
    }

    static let cases: [ZoneCase] = [
        ZoneCase(
            "between zones nothing passes, inside one everything may", three,
            allow: ["x/a > x/b 80", "y/a > y/c 53 UDP", "x/a > x/a 80", "x/a > 192.168.0.1 80"],
            deny: ["x/a > y/a 80", "y/a > x/a 80", "z/a > x/a ICMP", "x/a > z/a 80"]),
        ZoneCase(
            "what is in no zone and no pod touches only zones that say so",
            [zone("a", "x") { $0.external = "Allow" }, zone("b", "y"), zone("c", "z")],
            allow: ["8.8.8.8 > x/a 80", "x/a > 8.8.8.8 80", "192.168.0.2 > x/a 80"],
            deny: ["8.8.8.8 > y/a 80", "y/a > 8.8.8.8 80", "192.168.0.1 > y/a 80", "x/a > y/a 80"]),
        ZoneCase(
            "a pod of no zone is closed in both directions, but for its node and itself",
            [zone("a", "x"), zone("b", "y")],
            allow: ["x/a > x/b 80", "z/a > z/a 80", "192.168.0.3 > z/a 80", "z/a > 192.168.0.3 80"],
            deny: ["z/a > z/b 80", "z/a > 8.8.8.8 80", "8.8.8.8 > z/a 80", "x/a > z/a 80", "z/a > x/a 80"]),
        ZoneCase(
            "a pod of two zones is closed",
            three + [Zone(name: "d", spec: ZoneSpec(order: 2, namespaceSelector: namespace("z")))],
            allow: ["x/a > x/b 80"], deny: ["z/a > z/b 80", "z/a > x/a 80", "x/a > z/a 80", "8.8.8.8 > z/a 80"]),
        ZoneCase(
            "a hole lets its pods and ports through, one way",
            holed(hole(from: "a", pod("a"), to: pod("b"), ports: [80])),
            allow: ["x/a > y/b 80"],
            deny: ["x/a > y/b 81", "x/b > y/b 80", "x/a > y/a 80", "y/b > x/a 80", "z/a > y/b 80", "x/a > y/b ICMP"]),
        ZoneCase(
            "a hole without ports lets every protocol through, and all members without selectors",
            holed(hole(from: "a")),
            allow: ["x/a > y/b 81", "x/c > y/a ICMP", "x/b > y/c 53 UDP"], deny: ["y/a > x/a 80", "x/a > z/a 80"]),
        ZoneCase(
            "what passes a hole is still judged by lower tiers",
            holed(hole(from: "a")), [.network(policy("np", in: "y", pods: pod("b"))), anp("x", ingress: [])],
            allow: ["x/a > y/a 80"], deny: ["x/a > y/b 80"]),
        ZoneCase(
            "an admin Allow opens nothing that zones close", three,
            [anp("open", 1, everywhere, ingress: [from("Allow", pods())], egress: [to("Allow", pods())])],
            allow: ["x/a > x/b 80"], deny: ["x/a > y/a 80", "y/a > x/a 80"]),
        ZoneCase(
            "a hole from an unknown zone, or without an owner, lets nothing through",
            holed(hole(from: "zzz"), ZoneSpec.Hole(from: .init(zone: "a"), owner: " ", reason: "r")),
            allow: ["y/a > y/b 80"], deny: ["x/a > y/a 80"]),
        ZoneCase(
            "hosts are members by their block, and a hole leads to them",
            [
                zone("a", "x"), zone("b", "y") { $0.cidrs = ["198.51.100.0/24"] },
                zone("c", "z") {
                    $0.cidrs = ["203.0.113.0/24"]
                    $0.holes = [hole(from: "b")]
                },
            ],
            allow: ["y/a > 198.51.100.7 80", "198.51.100.7 > z/a 80", "y/a > 203.0.113.1 80"],
            deny: ["x/a > 198.51.100.7 80", "198.51.100.7 > x/a 80", "z/a > 198.51.100.7 80", "y/a > 8.8.8.8 80"]),
        ZoneCase(
            "a hole for some pods is none for hosts",
            [
                zone("a", "x") { $0.cidrs = ["198.51.100.0/24"] },
                zone("b", "y") { $0.holes = [hole(from: "a", LabelSelector())] }, zone("c", "z"),
            ],
            allow: ["x/a > y/a 80"], deny: ["198.51.100.7 > y/a 80"]),
        ZoneCase(
            "a block that contains pods and nodes says nothing about those that are members elsewhere",
            [
                zone("a", "x") { $0.cidrs = ["0.0.0.0/0"] },
                zone("b", "y") { $0.nodeSelector = LabelSelector(matchLabels: ["zone": "b"]) }, zone("c", "z"),
            ],
            allow: ["x/a > 8.8.8.8 80", "192.168.0.2 > y/a 80"],
            deny: ["z/a > x/a 80", "x/a > z/a 80", "192.168.0.2 > x/a 80", "8.8.8.8 > y/a 80", "x/a > 192.168.0.2 80"]),
        ZoneCase(
            "hosts in two zones reach none, whatever holes say",
            [
                zone("a", "x") { $0.cidrs = ["198.51.100.0/24"] },
                zone("b", "y") {
                    $0.cidrs = ["198.51.100.0/25"]
                    $0.holes = [hole(from: "a")]
                },
                zone("c", "z"),
            ],
            allow: ["x/a > 198.51.100.200 80", "198.51.100.200 > y/a 80"],
            deny: ["x/a > 198.51.100.7 80", "198.51.100.7 > x/a 80", "198.51.100.7 > y/a 80", "y/a > 198.51.100.7 80"]),
        ZoneCase(
            "a zone whose blocks cannot be read keeps outside away from all",
            [zone("a", "x") { $0.external = "Allow" }, zone("b", "y") { $0.cidrs = ["10.0.0.0/99"] }, zone("c", "z")],
            allow: ["x/a > x/b 80", "y/a > y/b 80"], deny: ["8.8.8.8 > x/a 80", "x/a > 8.8.8.8 80"]),
        ZoneCase(
            "a zone of which nothing can be read closes its pods",
            [zone("a", "x") { $0.external = "Allow" }, Zone(name: "b", spec: nil), zone("c", "z")],
            allow: ["x/a > x/b 80"], deny: ["y/a > y/b 80", "x/a > y/a 80", "8.8.8.8 > x/a 80"]),
    ]

    @Test("zones mean what the design says", arguments: cases)
    func meaning(example: ZoneCase) {
        var scene = Scene()
        var node = Scene.node("n2", "192.168.0.2")
        node.metadata.labels = ["zone": "b"]
        scene.engine.upsert(node)
        for policy in example.policies { policy.enter(&scene.engine) }
        for zone in example.zones { scene.engine.upsert(zone) }
        for question in example.allowed {
            let verdict = scene.verdict(question)
            #expect(verdict.allowed, "\(question): \(verdict.rule)")
        }
        for question in example.denied {
            let verdict = scene.verdict(question)
            #expect(!verdict.allowed, "\(question): \(verdict.rule)")
        }
        for policy in example.policies { policy.leave(&scene.engine) }
        for zone in example.zones { scene.engine.removeZone(zone.key.name) }
        for question in example.allowed + example.denied {
            #expect(scene.verdict(question).allowed, "\(question) without zones")
        }
        #expect(scene.engine.peerSets.isEmpty && scene.engine.diagnostics.isEmpty)
    }

    @Test("a hole closes at its second, and is closed while nobody says how late it is")
    func expiry() {
        var scene = Scene()
        for zone in Self.holed(Self.hole(from: "a", expires: "2026-06-01T12:00:00Z")) { scene.engine.upsert(zone) }
        func time(_ text: String) { APITime(text).map { scene.engine.setTime($0) } }
        #expect(!scene.verdict("x/a > y/a 80").allowed)
        #expect(scene.engine.nextExpiry == nil)
        time("2026-06-01T11:59:59Z")
        #expect(scene.verdict("x/a > y/a 80").allowed)
        #expect(scene.engine.nextExpiry == APITime("2026-06-01T12:00:00Z"))
        _ = scene.engine.drainChanges()
        time("2026-06-01T12:00:00Z")
        #expect(!scene.verdict("x/a > y/a 80").allowed)
        #expect(scene.engine.nextExpiry == nil)
        let changed = scene.engine.drainChanges().endpoints
        #expect(Set(changed.map(\.namespace)) == ["x", "y"])
        time("2026-06-01T11:00:00Z")
        #expect(scene.verdict("x/a > y/a 80").allowed)
    }

    @Test("a verdict names the zone, the other end and the conflict")
    func reasons() {
        var scene = Scene()
        for zone in [Self.zone("a", "x"), Self.zone("b", "y")] { scene.engine.upsert(zone) }
        let expected = [
            "x/a > y/a 80": "Zone a: nothing to zone b; Zone b: nothing from zone a",
            "8.8.8.8 > y/a 80": "Zone b: nothing from outside",
            "z/a > z/b 80": "namespace z belongs to no zone",
            "x/a > z/b 80": "Zone a: nothing to pods of no zone or of several; namespace z belongs to no zone",
        ]
        for (question, rule) in expected { #expect(scene.verdict(question).rule == rule) }
        scene.engine.upsert(Zone(name: "c", spec: ZoneSpec(order: 3, namespaceSelector: LabelSelector())))
        #expect(scene.verdict("z/a > 8.8.8.8 80").rule == "Zone c: nothing to outside")
        #expect(scene.verdict("x/a > 8.8.8.8 80").rule == "namespace x belongs to zones a and c")
        #expect(scene.engine.zoneConflicts.map(\.conflict.namespace) == ["x", "y"])
    }

    @Test("zones are told what is wrong with them, and what is done about it")
    func diagnostics() {
        var scene = Scene()
        scene.engine.upsert(Self.zone("a", "x") { $0.cidrs = ["10.0.0.0/8"] })
        scene.engine.upsert(
            Self.zone("b", "y") {
                $0.cidrs = ["10.1.0.0/16"]
                $0.external = "Perhaps"
                $0.holes = [Self.hole(from: "nobody", expires: "soon"), Self.hole(from: "b"), Self.hole(from: "gone")]
            })
        let texts = scene.engine.diagnostics.map { "\($0.policy) \($0.path): \($0.consequence)" }
        #expect(
            texts == [
                "a spec.cidrs: these hosts reach no zone and no zone reaches them",
                "a spec.order: reports take them by name; what passes does not depend on it",
                "b spec.cidrs: these hosts reach no zone and no zone reaches them",
                "b spec.external: it counts as Deny",
                "b spec.holes[0].expires: this hole lets nothing through",
                "b spec.holes[1].from.zone: this hole lets nothing through",
                "b spec.holes[1].name: it holds as it is written",
                "b spec.holes[2].from.zone: this hole lets nothing through",
                "b spec.holes[2].name: it holds as it is written",
                "b spec.order: reports take them by name; what passes does not depend on it",
            ])
    }

    @Test("a zone that changes leaves the sets and policies of the others alone")
    func stability() {
        var scene = Scene()
        for zone in Self.three { scene.engine.upsert(zone) }
        _ = scene.engine.drainChanges()
        scene.engine.upsert(Self.zone("b", "y") { $0.holes = [Self.hole(from: "a")] })
        let changes = scene.engine.drainChanges()
        #expect(Set(changes.endpoints.map(\.namespace)) == ["x", "y"])
        #expect(changes.createdSets.isEmpty && changes.removedSets.isEmpty)
    }

    @Test("an address of the pods' ranges that no known pod has is closed, also where a zone is open to the outside")
    func unknownPods() {
        var scene = Scene()
        for zone in [
            Self.zone("a", "x") { $0.external = "Allow" },
            Self.zone("b", "y") { spec in
                spec.cidrs = ["10.0.0.0/8"]
                spec.external = "Allow"
            },
        ] {
            scene.engine.upsert(zone)
        }
        #expect(scene.verdict("10.0.9.9 > y/a 80").allowed)
        scene.engine.upsert(ClusterNetwork(clusterNetworks: [.init(cidr: "10.0.0.0/16", hostSubnetLength: 8)]))
        #expect(scene.verdict("10.0.9.9 > y/a 80").rule == "Zone b: nothing from a pod that is not known")
        #expect(scene.verdict("x/a > 10.0.9.9 80").rule == "Zone a: nothing to a pod that is not known")
        #expect(scene.verdict("10.1.9.9 > y/a 80").allowed)
        #expect(scene.verdict("8.8.8.8 > x/a 80").allowed)
        #expect(scene.verdict("y/b > y/a 80").allowed)
        scene.engine.removeClusterNetwork("default")
        #expect(scene.verdict("10.0.9.9 > y/a 80").allowed)
    }

    @Test("a namespace whose object was not seen closes its pods, unless names decide")
    func unseen() {
        var engine = PolicyEngine(input: .live)
        let byName = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "q"])
        engine.upsert(Zone(name: "a", spec: ZoneSpec(order: 1, namespaceSelector: byName)))
        engine.upsert(Scene.pod("q", "a", host: 1, node: "n1"))
        engine.upsert(Scene.pod("q", "b", host: 2, node: "n1"))
        let flow = Flow(from: Scene.party("q/a"), to: Scene.party("q/b"), transport: .tcp, port: 80)
        #expect(engine.verdict(for: flow).allowed)
        let byLabel = LabelSelector(matchLabels: ["team": "red"])
        engine.upsert(Zone(name: "b", spec: ZoneSpec(order: 2, namespaceSelector: byLabel)))
        #expect(!engine.verdict(for: flow).allowed)
        engine.upsert(Namespace(metadata: ObjectMeta(name: "q")))
        #expect(engine.verdict(for: flow).allowed)
    }
}
