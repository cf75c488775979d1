import ClusterAPI
import NetworkTypes
import PolicyEngine
import TestRandom
import Testing

/// What staged policies would do, held against a cluster in which they are enforced.
@Suite struct StagedWorldTests {
    private struct History {
        var cluster: RandomCluster
        let events: [StagedEvent]
        let input: PolicyEngine.Input

        init(seed: UInt64, length: Int = 90) {
            var cluster = RandomCluster(seed: seed)
            events = (0..<length).map { _ in cluster.stagedEvent() }
            self.cluster = cluster
            input = seed.isMultiple(of: 2) ? .complete : .live
        }

        /// The last event of every subject, in the order of their first.
        func squashed(_ events: some Sequence<StagedEvent>) -> [StagedEvent] {
            var last: [String: StagedEvent] = [:]
            var order: [String] = []
            for event in events where last.updateValue(event, forKey: event.subject) == nil {
                order.append(event.subject)
            }
            return order.compactMap { last[$0] }
        }

        /// An engine that never heard of staging: what is staged is simply enforced.
        func enforced(_ events: some Sequence<StagedEvent>) -> PolicyEngine {
            let state = squashed(events)
            var standing: [PolicyReference: StagedObject] = [:]
            for case .staged(let object) in state {
                guard let target = Self.target(object) else { continue }
                if let other = standing[target], other.reference.key.name < object.reference.key.name { continue }
                standing[target] = object
            }
            var engine = PolicyEngine(input: input)
            for case .cluster(let event) in state {
                if let policy = event.policy, standing[policy] != nil { continue }
                event.apply(to: &engine)
            }
            for (target, object) in standing where object.spec.action == .set {
                engine.enforce(object.spec.policy.content, target)
            }
            return engine
        }

        private static func target(_ object: StagedObject) -> PolicyReference? {
            let own = object.reference.key
            let metadata = object.spec.policy.metadata
            let kind: PolicyKind? =
                switch (object, object.spec.policy.content) {
                case (.namespaced, .networkPolicy): .networkPolicy
                case (.cluster, .adminNetworkPolicy): .adminNetworkPolicy
                case (.cluster, .baselineAdminNetworkPolicy): .baselineAdminNetworkPolicy
                case (.cluster, .clusterNetworkPolicy): .clusterNetworkPolicy
                case (.namespaced, .egressFirewall): .egressFirewall
                case (.namespaced, .egressNetworkPolicy): .egressNetworkPolicy
                case (.cluster, .zone): .zone
                case (.cluster, .metadataAccess): .metadataAccess
                default: nil
                }
            guard let kind else { return nil }
            if let namespace = metadata.namespace, namespace != own.namespace { return nil }
            return PolicyReference(kind, ObjectKey(namespace: own.namespace, name: metadata.name ?? own.name))
        }

        func run(_ events: some Sequence<StagedEvent>) -> (real: PolicyEngine, staging: StagedWorld) {
            var real = PolicyEngine(input: input)
            var staging = StagedWorld()
            for (number, event) in events.enumerated() {
                event.apply(to: &real, &staging)
                if number.isMultiple(of: 7) { staging.settle(beside: real) }
            }
            staging.settle(beside: real)
            return (real, staging)
        }
    }

    @Test("at every moment, the staged world is a cluster in which all that is staged is enforced", arguments: 0..<60)
    func equalsEnforced(seed: UInt64) {
        var history = History(seed: seed)
        var real = PolicyEngine(input: history.input)
        var staging = StagedWorld()
        for (number, event) in history.events.enumerated() {
            event.apply(to: &real, &staging)
            guard history.cluster.random.once(in: 15) || number == history.events.count - 1 else { continue }
            staging.settle(beside: real)
            let wanted = history.enforced(history.events.prefix(number + 1))
            let found = staging.engine ?? real
            #expect(
                EngineSnapshot(found, pods: history.cluster.podKeys)
                    == EngineSnapshot(wanted, pods: history.cluster.podKeys), "seed \(seed), event \(number)")
            for _ in 0..<10 {
                let flow = history.cluster.flow([])
                #expect(found.verdict(for: flow) == wanted.verdict(for: flow), "seed \(seed): \(flow)")
            }
        }
    }

    @Test(
        "whatever changes a verdict changes the revision, by which flows that go on are judged again",
        arguments: 600..<630)
    func revision(seed: UInt64) {
        var history = History(seed: seed)
        var real = PolicyEngine(input: history.input)
        var staging = StagedWorld()
        let flows = (0..<20).map { _ in history.cluster.flow([]) }
        func seen() -> (EngineSnapshot, [Verdict]) {
            let engine = staging.engine ?? PolicyEngine()
            let snapshot = EngineSnapshot(engine, pods: history.cluster.podKeys)
            return (snapshot, flows.map { engine.verdict(for: $0) })
        }
        var before = seen()
        for (number, event) in history.events.enumerated() {
            let revision = staging.revision
            event.apply(to: &real, &staging)
            let after = seen()
            if staging.revision == revision {
                #expect(after.0.endpoints == before.0.endpoints, "seed \(seed), event \(number): \(event)")
                #expect(after.0.sets == before.0.sets, "seed \(seed), event \(number): \(event)")
                #expect(after.1 == before.1, "seed \(seed), event \(number): \(event)")
            }
            before = after
        }
    }

    @Test("it is a function of what exists, never of the way to it", arguments: 200..<250)
    func orderDoesNotMatter(seed: UInt64) {
        var history = History(seed: seed)
        let whole = history.run(history.events).staging
        var shuffled = history.squashed(history.events)
        shuffled.shuffle(using: &history.cluster.random)
        for events in [history.squashed(history.events).reversed(), shuffled] {
            let other = history.run(events).staging
            #expect(other.count == whole.count && (other.engine == nil) == (whole.engine == nil), "seed \(seed)")
            #expect(other.diagnostics == whole.diagnostics, "seed \(seed)")
            guard let one = whole.engine, let two = other.engine else { continue }
            #expect(
                EngineSnapshot(one, pods: history.cluster.podKeys)
                    == EngineSnapshot(two, pods: history.cluster.podKeys),
                "seed \(seed)")
        }
    }

    @Test("nothing staged changes anything that holds", arguments: 400..<450)
    func realIsUntouched(seed: UInt64) {
        let history = History(seed: seed)
        var alone = PolicyEngine(input: history.input)
        for case .cluster(let event) in history.events { event.apply(to: &alone) }
        var beside = history.run(history.events).real
        #expect(
            EngineSnapshot(beside, pods: history.cluster.podKeys)
                == EngineSnapshot(alone, pods: history.cluster.podKeys),
            "seed \(seed)")
        #expect(beside.drainChanges() == alone.drainChanges(), "seed \(seed)")
    }

    @Test("the second engine comes with the first staged policy and goes with the last")
    func costsNothing() {
        var staging = StagedWorld()
        let real = PolicyEngine()
        #expect(staging.engine == nil && staging.revision == 0)
        let object = Self.staged("a", target: "web")
        staging.upsert(object, beside: real)
        #expect(staging.engine != nil && staging.count == 1)
        let revision = staging.revision
        staging.upsert(object, beside: real)
        #expect(staging.revision == revision)
        staging.remove(object.reference, beside: real)
        #expect(staging.engine == nil && staging.count == 0 && staging.revision != revision)
    }

    private static func staged(
        _ name: String, action: StagedPolicySpec.Action = .set, target: String?, namespace: String? = nil,
        _ content: WrappedPolicy.Content = .networkPolicy(NetworkPolicySpec())
    ) -> StagedObject {
        let wrapped = WrappedPolicy(metadata: ObjectMeta(name: target, namespace: namespace), content: content)
        return .namespaced(StagedPolicy(name: name, namespace: "shop", spec: .init(action: action, policy: wrapped)))
    }

    /// What is staged, and all that is said about it.
    static let faults: [(String, [StagedObject], [String])] = [
        ("nothing is wrong", [staged("a", target: nil), staged("b", target: "c", namespace: "shop")], []),
        (
            "the first by name holds, the other is told", [staged("b", target: "web"), staged("a", target: "web")],
            [
                "StagedPolicy shop/b: spec.policy.metadata.name: StagedPolicy shop/a stands for NetworkPolicy shop/web"
                    + " already; this one is not staged"
            ]
        ),
        (
            "a policy of the whole cluster has its own kind",
            [staged("a", target: "x", .zone(ZoneSpec(order: 1)))],
            ["StagedPolicy shop/a: spec.policy.kind: Zone is staged by a ClusterStagedPolicy; nothing is staged"]
        ),
        (
            "another namespace", [staged("a", target: "x", namespace: "bank")],
            [
                "StagedPolicy shop/a: spec.policy.metadata.namespace: 'bank' is not the namespace of this object;"
                    + " nothing is staged"
            ]
        ),
        (
            "what is thought away is not there", [staged("a", action: .delete, target: "gone")],
            ["StagedPolicy shop/a: spec.policy.metadata.name: there is no NetworkPolicy shop/gone; nothing changes"]
        ),
        (
            "what the wrapped policy gets wrong is found in it",
            [
                staged(
                    "a", target: "x",
                    .networkPolicy(
                        NetworkPolicySpec(ingress: [.init(from: [.init(ipBlock: .init(cidr: "10.0.0.0/40"))])])))
            ],
            ["StagedPolicy shop/a: spec.policy.spec.ingress[0].from[0].ipBlock.cidr: "]
        ),
    ]

    @Test("what is wrong with staged policies is said, and only that", arguments: faults)
    func diagnostics(_ promise: String, _ objects: [StagedObject], _ wanted: [String]) {
        for objects in [objects, objects.reversed()] {
            let found = StagedWorld(objects, beside: PolicyEngine()).diagnostics.map { "\($0); \($0.consequence)" }
            #expect(found.count == wanted.count, "\(found)")
            for (text, start) in zip(found, wanted) { #expect(text.hasPrefix(start), "\(text)") }
        }
    }

    @Test("the policy that held before holds again when what stood for it goes, as it is by then")
    func restores() throws {
        let scene = try #require(Flow("shop/web", "shop/db"))
        var real = PolicyEngine()
        var staging = StagedWorld()
        func pod(_ name: String, _ address: String) -> Pod {
            var pod = Pod(metadata: ObjectMeta(name: name, namespace: "shop", labels: ["app": name]))
            pod.status = PodStatus(phase: "Running", podIPs: [address])
            return pod
        }
        func policy(from app: String?) -> NetworkPolicy {
            let peers = app.map { [NetworkPolicyPeer(podSelector: LabelSelector(matchLabels: ["app": $0]))] }
            return NetworkPolicy(
                metadata: ObjectMeta(name: "db", namespace: "shop"),
                spec: NetworkPolicySpec(
                    podSelector: LabelSelector(matchLabels: ["app": "db"]), policyTypes: [.ingress],
                    ingress: peers.map { [.init(from: $0)] }))
        }
        func hear(_ event: ClusterEvent) { StagedEvent.cluster(event).apply(to: &real, &staging) }
        for event in [pod("web", "10.0.0.1"), pod("db", "10.0.0.2")] { hear(.pod(event)) }
        hear(.policy(policy(from: "web")))
        let object = Self.staged("db", target: nil, .networkPolicy(policy(from: nil).spec))
        staging.upsert(object, beside: real)
        #expect(real.verdict(for: scene).allowed)
        #expect(staging.engine?.verdict(for: scene).rule == "default deny ingress (NetworkPolicy shop/db)")
        // The enforced one becomes another meanwhile.
        hear(.policy(policy(from: "other")))
        #expect(!real.verdict(for: scene).allowed)
        let other = Self.staged("more", target: nil, .networkPolicy(policy(from: "web").spec))
        staging.upsert(other, beside: real)
        staging.remove(object.reference, beside: real)
        #expect(staging.engine?.verdict(for: scene).rule.contains("NetworkPolicy shop/more ingress[0]") == true)
        staging.remove(other.reference, beside: real)
        staging.upsert(Self.staged("db", action: .delete, target: nil), beside: real)
        #expect(staging.engine?.verdict(for: scene).allowed == true)
    }
}

extension Flow {
    fileprivate init?(_ from: String, _ to: String) {
        guard let one = ObjectKey(from), let two = ObjectKey(to) else { return nil }
        self.init(from: .pod(one), to: .pod(two), transport: .tcp, port: 80)
    }
}
