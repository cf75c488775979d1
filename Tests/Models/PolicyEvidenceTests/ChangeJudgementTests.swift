import ClusterAPI
import FlowModel
import NetworkTypes
import PolicyEngine
import PolicyEvidence
import TestRandom
import Testing

@Suite("What a change cuts of what was seen")
struct ChangeJudgementTests {
    private static func engine(_ policies: NetworkPolicy...) -> PolicyEngine {
        var engine = PolicyEngine()
        for namespace in Scene.scene.namespaces { engine.upsert(namespace) }
        for pod in Scene.pods { engine.upsert(pod) }
        for policy in policies { engine.upsert(policy) }
        return engine
    }

    private static func closed(_ name: String, _ app: String) -> NetworkPolicy {
        NetworkPolicy(
            metadata: ObjectMeta(name: name, namespace: "shop"),
            spec: NetworkPolicySpec(podSelector: LabelSelector(matchLabels: ["app": app]), policyTypes: [.ingress]))
    }

    private static func judgement(_ records: [FlowRecord], from: PolicyEngine, to: PolicyEngine) -> ChangeJudgement {
        ChangeJudgement(records, before: from, after: to, pods: Scene.pods)
    }

    @Test("cuts are grouped by workload, port and rule; the most frequent first")
    func groups() {
        var late = Scene.flow("bank/client", "shop/db-0", 80, at: 9)
        late.source.port = 1
        let judgement = Self.judgement(
            [
                Scene.flow("shop/web-5d-x", "shop/db-0", 5432), Scene.flow("bank/client", "shop/db-0", 80, at: 3), late,
                Scene.flow("203.0.113.1", "shop/db-0", 22), Scene.flow("shop/db-0", "shop/web-5d-x", 443),
            ], from: Self.engine(), to: Self.engine(Self.closed("db", "db")))
        let rule = "default deny ingress (NetworkPolicy shop/db)"
        #expect(judgement.judged == 5 && judgement.cutFlows == 4)
        #expect(
            judgement.sortedCuts.map { "\($0.cut.source) > \($0.cut.destination) \($0.cut.portText) \($0.seen.flows)" }
                == [
                    "bank/app=client > shop/app=db TCP 80 2", "outside > shop/app=db TCP 22 1",
                    "shop/app=web > shop/app=db TCP 5432 1",
                ])
        #expect(judgement.sortedCuts.allSatisfy { $0.cut.rule == rule })
        #expect(judgement.sortedCuts.first?.seen.last == 9)
    }

    @Test("a flow that was denied is no cut, nor one that the present policies deny already")
    func noCuts() {
        let before = Self.engine(Self.closed("db", "db"))
        let judgement = Self.judgement(
            [
                Scene.flow("shop/web-5d-x", "shop/db-0", 5432),
                Scene.flow("bank/client", "shop/web-5d-x", 443, .denied),
            ], from: before, to: Self.engine(Self.closed("db", "db"), Self.closed("web", "web")))
        #expect(judgement.cuts.isEmpty && judgement.deniedBefore == 1 && judgement.judged == 1)
    }

    @Test("a pod that is gone is judged as its replacement, and without one it is counted as not judged")
    func replacement() {
        var old = Scene.flow("bank/client", "shop/web-old", 443)
        old.destination.labels = ["app": "web", "pod-template-hash": "4c"]
        let judgement = Self.judgement(
            [old, Scene.flow("shop/cron", "shop/db-0", 80)], from: Self.engine(),
            to: Self.engine(Self.closed("web", "web"), Self.closed("db", "db")))
        #expect(judgement.cutFlows == 1)
        #expect(judgement.unjudged == [.gone(ObjectKey(namespace: "shop", name: "cron")): 1])
    }

    @Test("a flow between siblings is not one of a pod to itself, though one of them is gone")
    func siblings() {
        var record = Scene.flow("shop/web-old", "shop/web-5d-x", 443)
        record.source.labels = ["app": "web"]
        let after = Self.engine(Self.closed("web", "web"))
        let alone = Self.judgement([record], from: Self.engine(), to: after)
        #expect(alone.unjudged == [.gone(ObjectKey(namespace: "shop", name: "web-old")): 1])
        let sibling = Scene.pod("shop", "web-5d-y", "10.0.0.8", ["app": "web"])
        var engines = [Self.engine(), after]
        for index in engines.indices { engines[index].upsert(sibling) }
        let judgement = ChangeJudgement(
            [record], before: engines[0], after: engines[1], pods: Scene.pods + [sibling])
        #expect(judgement.cutFlows == 1 && judgement.unjudged.isEmpty)
    }

    @Test("on random traffic, cuts are what the engines say one by one", arguments: 0..<200)
    func random(seed: Int) {
        var traffic = RandomTraffic(seed: seed)
        var before = PolicyEngine()
        for namespace in traffic.scene.namespaces { before.upsert(namespace) }
        for node in traffic.scene.nodes { before.upsert(node) }
        for pod in traffic.scene.pods { before.upsert(pod) }
        let suggestion = PolicySuggestion(namespace: "shop", from: traffic.records, in: traffic.scene)
        var after = before
        for policy in suggestion.policies where !traffic.random.once(in: 3) {
            if traffic.random.once(in: 3) { before.upsert(policy.policy) }
            after.upsert(policy.policy)
        }
        // Each flow from one node only, and of pods that are there.
        let live = Set(traffic.scene.pods.map(\.key))
        let taken = Set(traffic.scene.pods.flatMap(\.addressTexts))
        var keys: Set<FlowKey> = []
        let records = traffic.records.filter { record in
            [record.source, record.destination].allSatisfy { end in
                end.kind == .pod
                    ? live.contains(ObjectKey(namespace: end.namespace ?? "", name: end.pod ?? ""))
                    : !taken.contains("\(end.address)")
            } && record.key.transport != nil && keys.insert(record.key).inserted
        }
        let expected = records.filter { record in
            guard record.verdict == .allowed, let transport = record.key.transport else { return false }
            let verdicts = [before, after].map {
                $0.verdict(
                    source: record.source.address, destination: record.destination.address, transport: transport,
                    port: record.key.policyPort)
            }
            return verdicts[0].allowed && !verdicts[1].allowed
        }
        let judgement = ChangeJudgement(records, before: before, after: after, pods: traffic.scene.pods)
        #expect(judgement.cutFlows == expected.count && judgement.unjudged.isEmpty)
    }
}
