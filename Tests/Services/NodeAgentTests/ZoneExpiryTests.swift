import APIMachinery
import ClusterAPI
import NodeAgent
import NodeModel
import Synchronization
import TestSupport
import Testing

/// Holes between zones close by the clock, when no event comes.
@Suite struct ZoneExpiryTests {
    private static func zones() -> [Zone] {
        let app = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "shop"])
        let hole = ZoneSpec.Hole(
            from: .init(zone: "b"), owner: "net", reason: "needed", expires: "2026-06-01T12:00:00Z")
        return [
            Zone(name: "a", spec: ZoneSpec(order: 1, namespaceSelector: app, holes: [hole])),
            Zone(name: "b", spec: ZoneSpec(order: 2, cidrs: ["198.51.100.0/24"])),
        ]
    }

    @Test("the agent makes new rules at the second at which a hole ends")
    func wakes() async throws {
        let clock = Mutex(APITime("2026-06-01T11:59:59Z"))
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        let agent = NodeAgent(
            configuration: Cluster.configuration, kernel: kernel, logger: Cluster.logger,
            now: { clock.withLock { $0 } ?? APITime(microseconds: 0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await agent.run() }
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], zones: Self.zones())
            try await agent.attach(attachment)
            let before = kernel.state.withLock { $0.transactions }
            try await Task.sleep(for: .milliseconds(300))
            #expect(kernel.state.withLock { $0.transactions } == before)
            clock.withLock { $0 = APITime("2026-06-01T12:00:00Z") }
            try await eventually("new rules are in the kernel", within: .seconds(5)) {
                kernel.state.withLock { $0.transactions } > before
            }
            group.cancelAll()
        }
    }
}
