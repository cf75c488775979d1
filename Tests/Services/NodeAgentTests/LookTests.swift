import ClusterAPI
import DatapathCompiler
import NFTables
import NetworkTypes
import NodeAgent
import NodeModel
import Synchronization
import TestSupport
import Testing

@Suite("Looks at the kernel beside changes")
struct LookTests {
    private static var configuration: AgentConfiguration {
        var configuration = Cluster.configuration
        configuration.observationInterval = .milliseconds(20)
        return configuration
    }

    private static func holds(_ kernel: FakeKernel, _ attachment: PodAttachment) -> Bool {
        kernel.state.withLock { state in
            let map = state.tables["inet"]?.maps[KernelNames.ingressMap(.v4)]
            return map?.elements[ElementKey(.address(attachment.addresses[0]))] == .verdict(.accept)
        }
    }

    @Test("a change does not wait for a look that takes long")
    func changesDoNotWait() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        try await Cluster.withAgent(kernel, configuration: Self.configuration) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await eventually { await agent.status().isReady }
            kernel.state.withLock { $0.readingTime = .seconds(3) }
            try await eventually("a look has begun") { kernel.state.withLock { $0.readings > 0 } }
            let start = ContinuousClock.now
            try await agent.attach(attachment)
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(Self.holds(kernel, attachment))
        }
    }

    @Test("changes of the agent's own are not taken for others', and others' are mended among them")
    func ownChanges() async throws {
        let kernel = FakeKernel()
        let (steady, moving) = (Cluster.attachment("web", 5), Cluster.attachment("other", 6))
        try await Cluster.withAgent(kernel, configuration: Self.configuration) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web"), Cluster.pod("other")])
            try await agent.attach(steady)
            kernel.state.withLock { $0.readingTime = .milliseconds(10) }
            let end = ContinuousClock.now + .milliseconds(700)
            while ContinuousClock.now < end {
                try await agent.attach(moving)
                try await agent.detach(moving)
            }
            #expect(await agent.status().counters.drifts == 0)
            // None of the changes is about it.
            kernel.state.withLock {
                let key = ElementKey(.address(steady.addresses[0]))
                $0.tables["inet"]?.maps[KernelNames.ingressMap(.v4)]?.elements[key] = nil
            }
            let limit = ContinuousClock.now + .seconds(5)
            while ContinuousClock.now < limit, !Self.holds(kernel, steady) {
                try await agent.attach(moving)
                try await agent.detach(moving)
            }
            #expect(Self.holds(kernel, steady))
            #expect(await agent.status().counters.failures == 0)
        }
    }
}
