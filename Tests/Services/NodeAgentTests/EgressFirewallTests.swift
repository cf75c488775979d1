import ClusterAPI
import DatapathCompiler
import KubernetesClient
import NFTables
import NodeAgent
import Synchronization
import TestSupport
import Testing

@Suite struct EgressFirewallTests {
    /// The names by which packets are dropped.
    private func denials(_ kernel: FakeKernel) -> Set<String> {
        kernel.state.withLock { state in
            Set(
                (state.tables["inet"]?.chains ?? [:]).filter { $0.key.text.hasPrefix("deny-") }
                    .compactMap(\.value.rules.last?.id))
        }
    }

    @Test("one that cannot be read closes its namespace's way out until it can be read")
    func unreadable() async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await agent.attach(Cluster.attachment("web", 5))
            let key = ObjectKey(namespace: "shop", name: "default")
            let event: CacheEvent<EgressFirewall> = .unreadable(UnreadableObject(key: key, reason: "no"))
            await agent.receive(event)
            let closed = "EgressFirewall shop/default: closed, since it cannot be relied on (see its status)"
            try await eventually { denials(kernel) == [closed] }
            #expect(await agent.status().problems.count == 1)
            let deny = EgressFirewallSpec.Rule(type: "Deny", to: .init(cidrSelector: "198.51.100.0/24"))
            await agent.receive(.upserted(EgressFirewall(namespace: "shop", spec: .init(egress: [deny]))))
            try await eventually { denials(kernel) == ["EgressFirewall shop/default egress[0]"] }
            #expect(await agent.status().problems.isEmpty)
            await agent.receive(.replaced([EgressFirewall]()))
            try await eventually { denials(kernel).isEmpty }
        }
    }
}
