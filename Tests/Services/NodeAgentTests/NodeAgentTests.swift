import ClusterAPI
import ConntrackDriver
import DatapathCompiler
import KubernetesClient
import LinkState
import NFTables
import NetworkTypes
import NodeAgent
import NodeModel
import Synchronization
import TestSupport
import Testing

@Suite struct NodeAgentTests {
    private func ingressVerdict(_ kernel: FakeKernel, _ attachment: PodAttachment) -> NFTables.Verdict? {
        kernel.state.withLock { state in
            let map = state.tables["inet"]?.maps[KernelNames.ingressMap(.v4)]
            guard case .verdict(let verdict)? = map?.elements[ElementKey(.address(attachment.addresses[0]))] else {
                return nil
            }
            return verdict
        }
    }

    @Test("attach returns when the pod's rules, route and neighbour are in the kernel")
    func attachConfirms() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], policies: [Cluster.policy(from: nil)])
            try await agent.attach(attachment)
            let verdict = ingressVerdict(kernel, attachment)
            #expect(verdict?.target?.text.hasPrefix("ingress-") == true)
            let links = kernel.state.withLock { $0.links }
            #expect(links.routes.contains { $0.device == attachment.interface })
            #expect(links.neighbours.contains { $0.mac == attachment.mac })
            #expect(links.links["gabvxlan"]?.mtu == 1350)
            #expect(await agent.nodeNetwork?.podMTU == 1350)
            #expect(await agent.status().isReady)
        }
    }

    @Test("nothing touches the kernel before every collection is known")
    func waitsForSync() async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await agent.adopt([Cluster.attachment("web", 5)])
            await agent.receive(.replaced([Cluster.pod("web")]))
            try await Task.sleep(for: .milliseconds(50))
            #expect(kernel.state.withLock { $0.observations + $0.transactions } == 0)
            #expect(await agent.status().reason?.contains("networkpolicies") == true)
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await eventually { await agent.status().isReady }
        }
    }

    @Test("a pod that the API has not shown stays closed, and its attach fails at the deadline")
    func unknownPodStaysClosed() async throws {
        let kernel = FakeKernel()
        var configuration = Cluster.configuration
        configuration.attachDeadline = .milliseconds(200)
        let attachment = Cluster.attachment("ghost", 6)
        try await Cluster.withAgent(kernel, configuration: configuration) { agent in
            await Cluster.introduce(to: agent)
            try await eventually { await agent.status().isReady }
            await #expect(throws: AttachmentError.podUnknown(pod: attachment.pod)) {
                try await agent.attach(attachment)
            }
            #expect(ingressVerdict(kernel, attachment) == .goto("closed_pod"))
            await agent.receive(.upserted(Cluster.pod("ghost")))
            try await eventually { ingressVerdict(kernel, attachment) == .accept }
        }
    }

    @Test("without a subnet attach says so, and the kernel stays untouched")
    func noSubnet() async throws {
        let kernel = FakeKernel()
        var configuration = Cluster.configuration
        configuration.attachDeadline = .milliseconds(100)
        try await Cluster.withAgent(kernel, configuration: configuration) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], subnets: false)
            let error = await #expect(throws: AttachmentError.self) {
                try await agent.attach(Cluster.attachment("web", 5))
            }
            #expect(error?.description.contains("HostSubnet") == true)
            #expect(kernel.state.withLock { $0.transactions } == 0)
        }
    }

    @Test("a refusal is tried again with a fresh look at the kernel, and the pod waits for it")
    func retriesRefusals() async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await eventually { await agent.status().isReady }
            kernel.state.withLock { $0.refusals = 3 }
            try await agent.attach(Cluster.attachment("web", 5))
            let status = await agent.status()
            #expect(status.counters.failures == 3)
            #expect(status.lastFailure == nil)
        }
    }

    @Test("one broken interface holds up nobody else")
    func brokenInterface() async throws {
        let kernel = FakeKernel()
        let broken = Cluster.attachment("broken", 7)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web"), Cluster.pod("broken")])
            kernel.state.withLock { $0.brokenInterfaces = [broken.interface] }
            await agent.adopt([broken])
            try await agent.attach(Cluster.attachment("web", 5))
            let status = await agent.status()
            #expect(status.isReady)
            #expect(status.problems.contains { $0.contains(broken.interface) })
            kernel.state.withLock { $0.brokenInterfaces = [] }
            try await agent.attach(broken)
        }
    }

    @Test("a fresh agent finds the kernel as it should be and changes nothing")
    func restartIsHitless() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        let pods = [Cluster.pod("web")]
        let policies = [Cluster.policy(from: LabelSelector(matchLabels: ["app": "front"]))]
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: pods, policies: policies)
            try await agent.attach(attachment)
        }
        let before = kernel.state.withLock { $0.transactions }
        try await Cluster.withAgent(kernel) { agent in
            await agent.adopt([attachment])
            await Cluster.introduce(to: agent, pods: pods, policies: policies)
            try await eventually { await agent.status().isReady }
            #expect(await agent.status().counters.changes == 0)
        }
        #expect(kernel.state.withLock { $0.transactions } == before)
    }

    @Test("what somebody else changed in the kernel is put right")
    func healsDrift() async throws {
        let kernel = FakeKernel()
        var configuration = Cluster.configuration
        configuration.observationInterval = .milliseconds(100)
        let attachment = Cluster.attachment("web", 5)
        try await Cluster.withAgent(kernel, configuration: configuration) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await agent.attach(attachment)
            kernel.state.withLock {
                $0.tables["inet"] = nil
                $0.links.routes = []
            }
            try await eventually { ingressVerdict(kernel, attachment) == .accept }
            try await eventually { kernel.state.withLock { !$0.links.routes.isEmpty } }
            #expect(await agent.status().counters.drifts > 0)
        }
    }

    @Test("what the kernel says others changed is put right without waiting for the next look")
    func healsWhenNoticed() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await agent.attach(attachment)
            kernel.state.withLock {
                $0.tables["inet"] = nil
                $0.wasChangedByOthers = true
            }
            try await eventually { ingressVerdict(kernel, attachment) == .accept }
        }
    }

    @Test("detach leaves nothing of the pod behind")
    func detachRemoves() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], policies: [Cluster.policy(from: nil)])
            try await eventually { await agent.status().isReady }
            let clean = kernel.state.withLock { $0.tables }
            try await agent.attach(attachment)
            try await agent.detach(attachment)
            #expect(kernel.state.withLock { $0.tables } == clean)
            #expect(kernel.state.withLock { $0.links.routes.allSatisfy { $0.device != attachment.interface } })
            try await agent.detach(Cluster.attachment("never seen", 9))
        }
    }

    @Test("detaching one of a container's two interfaces leaves the other as it was")
    func detachOneOfTwo() async throws {
        let kernel = FakeKernel()
        let first = Cluster.attachment("web", 5)
        let second = Cluster.attachment("web", 6)
        #expect(first.containerID == second.containerID)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await agent.attach(first)
            try await agent.attach(second)
            try await agent.detach(first)
            #expect(ingressVerdict(kernel, first) == nil)
            #expect(ingressVerdict(kernel, second) == .accept)
            let routes = kernel.state.withLock { $0.links.routes.compactMap(\.device) }
            #expect(routes.contains(second.interface) && !routes.contains(first.interface))
            // It is confirmed still, so attaching it again returns at once.
            try await agent.attach(second)
        }
    }

    @Test("a policy that cannot be read closes its namespace until it can")
    func unreadablePolicyCloses() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        let policy = Cluster.policy(from: nil)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await agent.attach(attachment)
            #expect(ingressVerdict(kernel, attachment) == .accept)
            let event: CacheEvent<NetworkPolicy> = .unreadable(UnreadableObject(key: policy.key, reason: "no"))
            await agent.receive(event)
            try await eventually { ingressVerdict(kernel, attachment) != .accept }
            #expect(await agent.status().problems.count == 1)
            await agent.receive(.deleted(policy))
            try await eventually { ingressVerdict(kernel, attachment) == .accept }
        }
    }

    @Test("a fresh agent that cannot read a policy never opens what the policy may close")
    func unreadablePolicyAtStart() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        let broken = UnreadableObject(key: Cluster.policy(from: nil).key, reason: "no")
        try await Cluster.withAgent(kernel) { agent in
            await agent.adopt([attachment])
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], unreadablePolicies: [broken])
            try await eventually { await agent.status().isReady }
            #expect(await agent.status().problems.count == 1)
        }
        let history = kernel.state.withLock { $0.history }
        #expect(!history.isEmpty)
        for table in history {
            let map = table.maps[KernelNames.ingressMap(.v4)]
            let verdict = map?.elements[ElementKey(.address(attachment.addresses[0]))]
            #expect(verdict != .verdict(.accept))
        }
    }

    @Test(
        "an AdminNetworkPolicy that cannot be read closes every pod, from a fresh agent's first rules on, until it can")
    func unreadableAdminPolicy() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        let broken = UnreadableObject(key: ObjectKey(namespace: "", name: "guard"), reason: "no")
        try await Cluster.withAgent(kernel) { agent in
            await agent.adopt([attachment])
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], unreadableAdmins: [broken])
            try await eventually { await agent.status().isReady }
            #expect(await agent.status().problems.count == 1)
            #expect(ingressVerdict(kernel, attachment)?.target?.text.hasPrefix("ingress-tiers-") == true)
            let drops = kernel.state.withLock { state in
                (state.tables["inet"]?.chains ?? [:]).filter { $0.key.text.hasPrefix("deny-") }.compactMap(
                    \.value.rules.last)
            }
            #expect(
                Set(drops.map(\.id)) == [
                    "AdminNetworkPolicy guard ingress: the policy cannot be read",
                    "AdminNetworkPolicy guard egress: the policy cannot be read",
                ])
            for table in kernel.state.withLock({ $0.history }) {
                let verdict = table.maps[KernelNames.ingressMap(.v4)]?.elements[
                    ElementKey(.address(attachment.addresses[0]))]
                #expect(verdict != .verdict(.accept))
            }
            await agent.receive(.replaced([AdminNetworkPolicy]()))
            try await eventually { ingressVerdict(kernel, attachment) == .accept }
        }
    }

    @Test(
        "a BaselineAdminNetworkPolicy that cannot be read closes what no NetworkPolicy isolates, until it can be read")
    func unreadableBaseline() async throws {
        let kernel = FakeKernel()
        let attachment = Cluster.attachment("web", 5)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await agent.attach(attachment)
            let event: CacheEvent<BaselineAdminNetworkPolicy> = .unreadable(
                UnreadableObject(key: ObjectKey(namespace: "", name: "default"), reason: "no"))
            await agent.receive(event)
            try await eventually { await agent.status().problems.count == 1 }
            try await eventually { ingressVerdict(kernel, attachment).map { $0 != .accept } ?? false }
            await agent.receive(.replaced([BaselineAdminNetworkPolicy]()))
            try await eventually { ingressVerdict(kernel, attachment) == .accept }
        }
    }
}
