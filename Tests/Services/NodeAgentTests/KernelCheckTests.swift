import DatapathCompiler
import LinkState
import NFTables
import NetworkTypes
import NodeAgent
import NodeModel
import Synchronization
import TestSupport
import Testing

@Suite("an agent asked whether the kernel has what it should")
struct KernelCheckTests {
    @Test("tells what is missing of the pod's own and of the rules that pods share, and mends it")
    func faults() async throws {
        let kernel = FakeKernel()
        let (web, other) = (Cluster.attachment("web", 5), Cluster.attachment("other", 6))
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web"), Cluster.pod("other")], policies: [Cluster.policy(from: nil)])
            try await agent.attach(web)
            try await agent.attach(other)
            #expect(try await agent.faults(of: web) == [])
            kernel.state.withLock { $0.links.neighbours = $0.links.neighbours.filter { $0.device != web.interface } }
            #expect(try await agent.faults(of: web).contains { $0.contains("neighbour") })
            try await eventually { try await agent.faults(of: web) == [] }
            let map = KernelNames.ingressMap(.v4)
            func lose() {
                kernel.state.withLock {
                    _ = $0.tables["inet"]?.maps[map]?.elements.removeValue(
                        forKey: ElementKey(.address(web.addresses[0])))
                }
            }
            lose()
            #expect(try await agent.faults(of: web).contains { $0.contains("\(web.addresses[0])") })
            try await eventually { try await agent.faults(of: web) == [] }
            // What is another pod's alone is not this one's fault.
            lose()
            #expect(try await agent.faults(of: other) == [])
            try await eventually { try await agent.faults(of: web) == [] }
            kernel.state.withLock { $0.tables["arp"] = nil }
            #expect(try await agent.faults(of: other).isEmpty == false)
        }
    }
}
