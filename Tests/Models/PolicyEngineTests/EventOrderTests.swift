import ClusterAPI
import NetworkTypes
import PolicyEngine
import TestRandom
import Testing

/// A state is a function of the objects, never of the way to it.
@Suite struct EventOrderTests {
    private struct History {
        var cluster: RandomCluster
        let events: [ClusterEvent]
        let input: PolicyEngine.Input

        init(seed: UInt64, length: Int) {
            var cluster = RandomCluster(seed: seed)
            events = (0..<length).map { _ in cluster.event() }
            self.cluster = cluster
            input = seed.isMultiple(of: 2) ? .complete : .live
        }

        /// The last event of every subject, in the order of their first.
        var squashed: [ClusterEvent] {
            var last: [String: ClusterEvent] = [:]
            var order: [String] = []
            for event in events {
                if last.updateValue(event, forKey: event.subject) == nil { order.append(event.subject) }
            }
            return order.compactMap { last[$0] }
        }

        func snapshot(_ events: some Sequence<ClusterEvent>) -> EngineSnapshot {
            var engine = PolicyEngine(input: input)
            for event in events { event.apply(to: &engine) }
            return EngineSnapshot(engine, pods: cluster.podKeys)
        }
    }

    @Test("a history, its squashed form, and that reversed lead to one state", arguments: 0..<250)
    func orderDoesNotMatter(seed: UInt64) {
        let history = History(seed: seed, length: 60)
        let whole = history.snapshot(history.events)
        #expect(history.snapshot(history.squashed) == whole, "seed \(seed), squashed")
        #expect(history.snapshot(history.squashed.reversed()) == whole, "seed \(seed), reversed")
        let doubled = history.events.flatMap { [$0, $0] }
        #expect(history.snapshot(doubled) == whole, "seed \(seed), doubled")
    }

    @Test("verdicts and their reasons do not depend on the way either", arguments: 300..<360)
    func reasonsDoNotDependOnOrder(seed: UInt64) {
        var history = History(seed: seed, length: 60)
        var forward = PolicyEngine(input: history.input)
        var backward = PolicyEngine(input: history.input)
        for event in history.events { event.apply(to: &forward) }
        for event in history.squashed.reversed() { event.apply(to: &backward) }
        for _ in 0..<80 {
            let source = ClusterSample.party(&history.cluster)
            let destination = ClusterSample.party(&history.cluster)
            let flow = Flow(
                from: source, to: destination, transport: .tcp, port: history.cluster.random.pick([80, 53]))
            #expect(forward.verdict(for: flow) == backward.verdict(for: flow), "seed \(seed): \(flow)")
        }
    }

    @Test("whoever applies only the drained changes has the whole state", arguments: 500..<750)
    func changesSuffice(seed: UInt64) {
        var history = History(seed: seed, length: 80)
        var engine = PolicyEngine(input: history.input)
        var mirror = EngineSnapshot()
        for event in history.events {
            event.apply(to: &engine)
            guard history.cluster.random.once(in: 3) else { continue }
            let before = EngineSnapshot(engine, pods: history.cluster.podKeys)
            mirror.apply(engine.drainChanges(), from: engine)
            #expect(mirror == before, "seed \(seed)")
            #expect(EngineSnapshot(engine, pods: history.cluster.podKeys) == before, "seed \(seed), after the drain")
            #expect(engine.drainChanges().isEmpty, "seed \(seed)")
        }
    }

    @Test(
        "an engine that tells about some pods tells all about them, and knows the others when asked",
        arguments: 1000..<1150)
    func watchedPods(seed: UInt64) {
        var history = History(seed: seed, length: 80)
        var engine = PolicyEngine(input: history.input, tellsAbout: .watchedPods)
        var other = PolicyEngine(input: history.input)
        var watched: [ObjectKey: EndpointPolicy] = [:]
        for event in history.events {
            event.apply(to: &engine)
            event.apply(to: &other)
            if history.cluster.random.once(in: 3) {
                let key = history.cluster.random.pick(history.cluster.podKeys)
                if watched.removeValue(forKey: key) == nil {
                    engine.watch(key)
                    watched[key] = .open
                } else {
                    engine.unwatch(key)
                }
            }
            guard history.cluster.random.once(in: 3) else { continue }
            let changes = engine.drainChanges()
            #expect(changes.endpoints.allSatisfy { watched[$0] != nil }, "seed \(seed)")
            for key in changes.endpoints { watched[key] = engine.endpointPolicy(for: key) }
            for key in history.cluster.podKeys {
                #expect(engine.endpointPolicy(for: key) == other.endpointPolicy(for: key), "seed \(seed): \(key)")
                if let told = watched[key] { #expect(told == other.endpointPolicy(for: key), "seed \(seed): \(key)") }
            }
        }
    }

    @Test("what is changed and changed back between two drains is no change", arguments: 800..<900)
    func churnIsNoChange(seed: UInt64) {
        let history = History(seed: seed, length: 60)
        var engine = PolicyEngine(input: history.input)
        for event in history.events { event.apply(to: &engine) }
        _ = engine.drainChanges()
        // A namespace known by its pods alone goes with the last of them, and its network with it: not these.
        let existing = history.squashed.compactMap { event in
            if case .namespace(let namespace) = event { namespace.metadata.name } else { nil }
        }
        // Every other pod away and back.
        for event in history.squashed {
            guard case .pod(let pod) = event, existing.contains(pod.key.namespace) else { continue }
            engine.removePod(pod.key)
            engine.upsert(pod)
        }
        let changes = engine.drainChanges()
        #expect(changes.isEmpty, "seed \(seed): \(changes)")
    }

    @Test("an engine from which everything was removed is as a new one")
    func emptyAgain() {
        let history = History(seed: 77, length: 200)
        var engine = PolicyEngine()
        for event in history.events { event.apply(to: &engine) }
        for key in history.cluster.podKeys { engine.removePod(key) }
        for name in history.cluster.namespaceNames {
            for index in 0..<3 { engine.removeNetworkPolicy(ObjectKey(namespace: name, name: "np\(index)")) }
            engine.removeNamespace(name)
            engine.removeNetNamespace(name)
        }
        engine.removeClusterNetwork("default")
        for event in history.events {
            if case .tiers(let policy) = event { policy.leave(&engine) }
            if case .zone(let zone) = event { engine.removeZone(zone.key.name) }
            if case .told(let selector, let address) = event {
                ClusterEvent.untold(selector, address).apply(to: &engine)
            }
        }
        #expect(EngineSnapshot(engine, pods: history.cluster.podKeys) == EngineSnapshot())
    }
}

/// Parties among the pods that events speak of.
private enum ClusterSample {
    static func party(_ cluster: inout RandomCluster) -> Party {
        if cluster.random.once(in: 2) { return .pod(cluster.random.pick(cluster.podKeys)) }
        return cluster.party([])
    }
}
