import ClusterAPI
import FlowModel
import KubernetesClient
import NetworkTypes
import NodeAgent
import NodeModel
import Testing

/// What the agent remembers of flows that it has judged.
@Suite struct FlowJudgementTests {
    private static let web = Cluster.attachment("web", 5)
    private static let db = Cluster.attachment("db", 6)

    /// What of a judgement the test looks at.
    private static func told(_ agent: NodeAgent, port: UInt16 = 80, from sourcePort: UInt16 = 40_000) async -> String {
        let flow = FlowKey(
            ipProtocol: 6, source: web.addresses[0], destination: db.addresses[0], sourcePort: sourcePort,
            destinationPort: port)
        guard let judgement = await agent.judge([flow]).first ?? nil else { return "no pod" }
        let labels = (judgement.source.labels ?? [:]).map { "\($0.key)=\($0.value)" }.joined()
        let end = judgement.isDestinationHere ? "here" : "elsewhere"
        return "\(judgement.ingress.allowed ? "allowed" : "denied") [\(labels)] \(end)"
    }

    @Test("every change shows in the next judgement, whatever was judged before")
    func changes() async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web"), Cluster.pod("db")],
                policies: [Cluster.policy(from: LabelSelector())])
            #expect(await Self.told(agent) == "no pod")
            try await agent.attach(Self.web)
            try await agent.attach(Self.db)
            #expect(await Self.told(agent) == "allowed [] here")
            #expect(await Self.told(agent, from: 40_001) == "allowed [] here")
            #expect(await Self.told(agent, port: 81) == "denied [] here")
            await agent.receive(.upserted(Cluster.pod("web", labels: ["app": "web"])))
            #expect(await Self.told(agent) == "allowed [app=web] here")
            await agent.receive(.upserted(Cluster.policy(from: nil)))
            #expect(await Self.told(agent) == "denied [app=web] here")
            await agent.receive(.upserted(Cluster.policy(from: LabelSelector(matchLabels: ["app": "web"]))))
            #expect(await Self.told(agent) == "allowed [app=web] here")
            try await agent.detach(Self.db)
            #expect(await Self.told(agent).hasSuffix("elsewhere"))
        }
    }
}
