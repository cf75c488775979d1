import ClusterAPI
import FlowModel
import KubernetesClient
import NetworkTypes
import NodeAgent
import NodeModel
import Synchronization
import TestSupport
import Testing

/// Flows are judged by what holds and by what is only tried.
@Suite struct StagedFlowTests {
    private static let web = Cluster.attachment("web", 5)
    private static let db = Cluster.attachment("db", 6)
    private static let flow = FlowKey(
        ipProtocol: 6, source: web.addresses[0], destination: db.addresses[0], sourcePort: 40_000,
        destinationPort: 80)

    private static func staged(_ name: String = "only", _ action: StagedPolicySpec.Action = .set) -> StagedPolicy {
        let spec = Cluster.policy(from: nil).spec
        return StagedPolicy(
            name: name, namespace: "shop",
            spec: .init(
                action: action,
                policy: WrappedPolicy(metadata: ObjectMeta(name: "only"), content: .networkPolicy(spec))))
    }

    /// An agent with two pods that may speak, and nothing staged.
    private static func withFlow(
        zones: [Zone] = [], _ body: (NodeAgent, FakeKernel) async throws -> Void
    ) async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web"), Cluster.pod("db")],
                policies: [Cluster.policy(from: LabelSelector())], zones: zones)
            try await agent.attach(web)
            try await agent.attach(db)
            try await body(agent, kernel)
        }
    }

    private static func judgement(_ agent: NodeAgent) async throws -> FlowVerdict.Judgement {
        try #require(await agent.judge([flow]).first ?? nil)
    }

    @Test("a staged denial is told beside the verdict, and the kernel hears nothing of it")
    func denial() async throws {
        try await Self.withFlow { agent, kernel in
            #expect(try await Self.judgement(agent).staged == nil)
            let before = kernel.state.withLock { ($0.tables, $0.transactions) }
            let revision = await agent.stagedRevision()
            await agent.receive(.upserted(Self.staged()))
            #expect(await agent.stagedRevision() != revision)
            let judgement = try await Self.judgement(agent)
            #expect(judgement.ingress.rule == "NetworkPolicy shop/only ingress[0]" && judgement.ingress.allowed)
            #expect(
                judgement.staged == .init(allowed: false, rule: "default deny ingress (NetworkPolicy shop/only)"))
            #expect(await agent.status().stagedPolicies == 1)
            try await Task.sleep(for: .milliseconds(100))
            #expect(kernel.state.withLock { $0.tables } == before.0)
            await agent.receive(.deleted(Self.staged()))
            #expect(try await Self.judgement(agent).staged == nil)
            #expect(await agent.status().stagedPolicies == 0)
        }
    }

    @Test("other labels of a pod or a namespace are a reason to judge flows again, and what says nothing new is none")
    func labels() async throws {
        let spec = NetworkPolicySpec(
            podSelector: LabelSelector(),
            ingress: [
                .init(from: [
                    .init(
                        podSelector: LabelSelector(matchLabels: ["role": "front"]),
                        namespaceSelector: LabelSelector(matchLabels: ["open": "yes"]))
                ])
            ])
        let staged = StagedPolicy(
            name: "s", namespace: "shop",
            spec: .init(
                action: .set, policy: WrappedPolicy(metadata: ObjectMeta(name: "only"), content: .networkPolicy(spec))))
        try await Self.withFlow { agent, _ in
            var front = Cluster.pod("web", labels: ["role": "front"])
            await agent.receive(.upserted(front))
            await agent.receive(.upserted(staged))
            let before = try await Self.judgement(agent).staged?.allowed
            #expect(before == false)

            var revision = await agent.stagedRevision()
            let open = Namespace(metadata: ObjectMeta(name: "shop", labels: ["open": "yes"]))
            await agent.receive(.upserted(open))
            #expect(await agent.stagedRevision() != revision)
            let opened = try await Self.judgement(agent).staged?.allowed
            #expect(opened == true)

            revision = await agent.stagedRevision()
            front.metadata.annotations = ["note": "new"]
            front.metadata.resourceVersion = "77"
            await agent.receive(.upserted(front))
            await agent.receive(.upserted(open))
            #expect(await agent.stagedRevision() == revision)

            await agent.receive(.upserted(Cluster.pod("web", labels: ["role": "back"])))
            #expect(await agent.stagedRevision() != revision)
            let closed = try await Self.judgement(agent).staged?.allowed
            #expect(closed == false)
        }
    }

    @Test("a policy thought away is told too, as what is equal")
    func equal() async throws {
        try await Self.withFlow { agent, _ in
            await agent.receive(.replaced([Self.staged("only", .delete)]))
            let staged = try await Self.judgement(agent).staged
            #expect(staged?.allowed == true && staged?.rule.contains("no policy selects shop/db") == true)
            await agent.receive(.replaced([StagedPolicy]()))
            #expect(try await Self.judgement(agent).staged == nil)
        }
    }

    @Test("a staged object that cannot be read is a problem, stages nothing, and closes nothing")
    func unreadable() async throws {
        try await Self.withFlow { agent, _ in
            await agent.receive(.upserted(Self.staged()))
            let event: CacheEvent<StagedPolicy> = .unreadable(UnreadableObject(key: Self.staged().key, reason: "no"))
            await agent.receive(event)
            let judgement = try await Self.judgement(agent)
            #expect(judgement.staged == nil && judgement.ingress.allowed)
            #expect(await agent.status().problems == ["StagedPolicy shop/only: no"])
        }
    }

    @Test("two about one policy: the second by name is told in the status")
    func conflict() async throws {
        try await Self.withFlow { agent, _ in
            await agent.receive(.upserted(Self.staged("b")))
            await agent.receive(.upserted(Self.staged("a", .delete)))
            try await eventually { await agent.status().invalidPolicies["StagedPolicy shop/b"] != nil }
            #expect(try await Self.judgement(agent).staged?.allowed == true)
        }
    }

    @Test("what is only tried holds up no node: rules are made before it is known, and without contact to it")
    func readiness() async throws {
        try await Self.withFlow { agent, _ in
            let event: CacheEvent<ClusterStagedPolicy> = .disconnected(reason: "gone")
            await agent.receive(event)
            #expect(await agent.status().isReady)
        }
    }

    @Test("each end's zone is named, if it is in one")
    func zones() async throws {
        let shop = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "shop"])
        let zones = [
            Zone(name: "app", spec: ZoneSpec(order: 1, namespaceSelector: shop)),
            Zone(name: "partner", spec: ZoneSpec(order: 2, cidrs: ["198.51.100.0/24"])),
        ]
        try await Self.withFlow(zones: zones) { agent, _ in
            let outside = try ["198.51.100.7", "203.0.113.1"].map { try #require(IPAddress($0)) }
            let keys = outside.map { FlowKey(ipProtocol: 6, source: Self.web.addresses[0], destination: $0) }
            let found = await agent.judge(keys).map { [$0?.source.zone, $0?.destination.zone] }
            #expect(found == [["app", "partner"], ["app", nil]])
        }
    }
}
