import ClusterAPI
import DatapathCompiler
import KubernetesClient
import NFTables
import NodeAgent
import Synchronization
import TestSupport
import Testing

@Suite("a kind that the API server does not have")
struct MissingKindTests {
    private static let deny = AdminNetworkPolicy(
        name: "deny",
        spec: AdminNetworkPolicySpec(
            priority: 1, subject: ClusterPolicySubject(namespaces: LabelSelector()),
            ingress: [.init(action: "Deny", from: [ClusterPolicyPeer(namespaces: LabelSelector())])]))

    private func isGuarded(_ kernel: FakeKernel) -> Bool {
        kernel.state.withLock { state in
            state.tables["inet"]?.chains.keys.contains { $0.text.hasPrefix("ingress-admin-") } == true
        }
    }

    @Test("its objects that were known hold on, with a word in the status, until it is back")
    func holds() async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web"), Cluster.pod("late")], admins: [Self.deny])
            try await agent.attach(Cluster.attachment("web", 5))
            #expect(isGuarded(kernel))
            await agent.receive(CacheEvent<AdminNetworkPolicy>.missing)
            await agent.receive(.upserted(Cluster.pod("other")))
            try await Task.sleep(for: .milliseconds(100))
            #expect(isGuarded(kernel))
            let status = await agent.status()
            #expect(!status.isReady && status.disconnected.count == 1)
            #expect(status.disconnected.first?.contains("the 1 known of it hold on") == true)
            await #expect(throws: AttachmentError.self) { try await agent.attach(Cluster.attachment("late", 6)) }
            await agent.receive(.replaced([AdminNetworkPolicy]()))
            try await eventually { await agent.status().isReady }
            try await eventually { !isGuarded(kernel) }
        }
    }

    @Test("a fresh agent, and one that saw all objects go, has none of it")
    func none() async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await agent.receive(CacheEvent<Zone>.missing)
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], admins: [Self.deny])
            try await agent.attach(Cluster.attachment("web", 5))
            await agent.receive(.deleted(Self.deny))
            await agent.receive(CacheEvent<AdminNetworkPolicy>.missing)
            #expect(await agent.status().isReady)
            try await eventually { !isGuarded(kernel) }
        }
    }
}
