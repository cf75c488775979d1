import ClusterAPI
import ConntrackDriver
import DatapathCompiler
import FlowModel
import KubernetesClient
import NFTables
import NetworkTypes
import NodeAgent
import NodeModel
import PolicyEngine
import Synchronization
import TestSupport
import Testing

/// Projects that move and modes that change, from the API's event to the kernel's transactions.
@Suite struct TenancyTests {
    private static let projects: [String: UInt32] = ["red": 10, "blue": 11, "green": 12]
    private static let numbers: [String: UInt32] = ["red": 1, "blue": 2, "green": 3]

    private static func pod(_ project: String) -> Pod {
        var pod = Pod(metadata: ObjectMeta(name: "web", namespace: project))
        pod.spec = PodSpec(nodeName: "one")
        return pod
    }

    private static func attachment(_ project: String) -> PodAttachment {
        let number = numbers[project] ?? 0
        let address = IPAddress(v4: 0x0A80_0100 + number)
        return PodAttachment(
            pod: ObjectKey(namespace: project, name: "web"), containerID: "c-\(project)",
            interface: "gab00000000000\(number)", addresses: [address], mac: MACAddress(derivedFrom: address))
    }

    private static func network(_ mode: String) -> ClusterNetwork {
        ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)], pluginName: mode)
    }

    /// One pod of each project, in multitenant mode unless said otherwise.
    private func withProjects(
        mode: String = "multitenant", policies: [NetworkPolicy] = [],
        _ body: (NodeAgent, FakeKernel) async throws -> Void
    ) async throws {
        let kernel = FakeKernel()
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: Self.projects.keys.map(Self.pod), policies: policies, mode: mode, ids: Self.projects)
            for project in Self.projects.keys { try await agent.attach(Self.attachment(project)) }
            try await body(agent, kernel)
        }
    }

    /// The addresses in a table's set of a project network; nil without such a set.
    private func members(of id: UInt32, _ table: NFTables.Table?) -> Set<IPAddress>? {
        let set = PeerSetNames.network(id)
        return table?.sets[set].map { found in
            Set(
                Self.projects.keys.map { Self.attachment($0).addresses[0] }.filter {
                    found.elements.contains(ElementKey(.address($0)))
                })
        }
    }

    @Test("a drop between projects is found in the agent's judgement by the kernel's own chains, each in its direction")
    func judgedAsDropped() async throws {
        try await withProjects { agent, kernel in
            let ends = ["red", "blue"].map { Self.attachment($0).addresses[0] }
            let key = FlowKey(
                ipProtocol: 6, source: ends[0], destination: ends[1], sourcePort: 40_000, destinationPort: 80)
            let judgement = try #require(await agent.judge([key]).first ?? nil)
            #expect(judgement.egress.rule == "tenancy: project red (VNID 10) and project blue (VNID 11) are separate")
            #expect(judgement.egress.policy == "(tenancy)" && judgement.ingress.policy == "(tenancy)")
            let chains = kernel.state.withLock { $0.tables["inet"]?.chains ?? [:] }
            func rule(_ chain: String?) -> String? { chain.flatMap { chains[Name($0)]?.rules.last?.id } }
            #expect(rule(judgement.egressChain) == "tenancy: VNID 10 is separate from other projects")
            #expect(rule(judgement.ingressChain) == "tenancy: VNID 11 is separate from other projects")
            #expect(judgement.egressChain?.hasPrefix("deny-egress-") == true)
            #expect(judgement.ingressChain?.hasPrefix("deny-ingress-") == true)
        }
    }

    @Test("a project's move is one transaction: no table in between is open to whom it was and will be closed")
    func moveIsOneTransaction() async throws {
        try await withProjects { agent, kernel in
            let red = Self.attachment("red").addresses[0]
            let blue = Self.attachment("blue").addresses[0]
            let start = kernel.state.withLock { $0.history.count }
            #expect(members(of: 10, kernel.state.withLock { $0.tables["inet"] }) == [red])
            await agent.receive(.upserted(NetNamespace(netname: "red", netid: 11)))
            try await eventually { members(of: 11, kernel.state.withLock { $0.tables["inet"] }) == [red, blue] }
            await agent.receive(.upserted(NetNamespace(netname: "red", netid: 10)))
            try await eventually { members(of: 11, kernel.state.withLock { $0.tables["inet"] }) == [blue] }
            let history = kernel.state.withLock { $0.history.suffix(from: start) }
            #expect(history.count == 2)
            for table in history {
                #expect(members(of: 12, table) == [Self.attachment("green").addresses[0]])
                // Elements and verdicts change together: red is in exactly one network.
                #expect([10, 11].count { members(of: $0, table)?.contains(red) == true } == 1)
            }
        }
    }

    @Test("a change of mode is one transaction, there and back")
    func modeIsOneTransaction() async throws {
        let policies = Self.projects.keys.map { project in
            NetworkPolicy(
                metadata: ObjectMeta(name: "closed", namespace: project),
                spec: NetworkPolicySpec(podSelector: LabelSelector(), policyTypes: [.ingress]))
        }
        try await withProjects(mode: "networkpolicy", policies: policies) { agent, kernel in
            for mode in ["multitenant", "subnet", "sideways", "networkpolicy"] {
                let start = kernel.state.withLock { $0.history.count }
                await agent.receive(.upserted(Self.network(mode)))
                try await eventually("mode \(mode) is in the kernel") {
                    kernel.state.withLock { $0.history.count } > start
                }
                let verdicts = Self.projects.keys.map { project -> String in
                    let key = ElementKey(.address(Self.attachment(project).addresses[0]))
                    let map = kernel.state.withLock { $0.tables["inet"]?.maps[KernelNames.ingressMap(.v4)] }
                    guard case .verdict(let verdict)? = map?.elements[key] else { return "none" }
                    return verdict.target?.text ?? "accept"
                }
                let expected = [
                    "multitenant": "ingress-tiers-", "subnet": "accept", "sideways": "ingress-tiers-",
                    "networkpolicy": "ingress-",
                ]
                #expect(verdicts.allSatisfy { $0.hasPrefix(expected[mode] ?? "?") }, "\(mode): \(verdicts)")
                try await Task.sleep(for: .milliseconds(30))
                #expect(kernel.state.withLock { $0.history.count } == start + 1, "\(mode)")
            }
        }
    }

    @Test("a project that is isolated loses its connections to those it leaves, and no others")
    func isolationRevokes() async throws {
        try await withProjects { agent, kernel in
            await agent.receive(.upserted(NetNamespace(netname: "red", netid: 11)))
            await agent.receive(.upserted(NetNamespace(netname: "green", netid: 11)))
            let lost = try [connection("red", "blue"), connection("blue", "red", ipProtocol: 17)]
            let kept = try [connection("blue", "green"), connection("red", outside: "203.0.113.9")]
            kernel.state.withLock { $0.connections = lost + kept }
            await agent.receive(.upserted(NetNamespace(netname: "red", netid: 13)))
            try await eventually { kernel.state.withLock { $0.connections } == kept }
        }
    }

    @Test("a ClusterNetwork or NetNamespace that cannot be read opens nothing, and is a problem")
    func unreadable() async throws {
        try await withProjects { agent, kernel in
            await agent.receive(.upserted(NetNamespace(netname: "red", netid: 11)))
            try await eventually { members(of: 11, kernel.state.withLock { $0.tables["inet"] })?.count == 2 }
            let red: CacheEvent<NetNamespace> = .unreadable(
                UnreadableObject(key: ObjectKey(namespace: "", name: "red"), reason: "no"))
            await agent.receive(red)
            try await eventually { members(of: 11, kernel.state.withLock { $0.tables["inet"] })?.count == 1 }
            let network: CacheEvent<ClusterNetwork> = .unreadable(
                UnreadableObject(key: ObjectKey(namespace: "", name: "default"), reason: "no"))
            await agent.receive(network)
            try await eventually { await agent.status().invalidPolicies["ClusterNetwork default"] != nil }
            #expect(members(of: 11, kernel.state.withLock { $0.tables["inet"] })?.count == 1)
            // Which source addresses the project may ask for is unknown as well: nothing of it leaves the cluster.
            let problems = await agent.status().problems
            #expect(problems.count == 4)
            #expect(problems.count { $0.hasPrefix("NetNamespace red:") } == 3, "\(problems)")
        }
    }

    private func connection(
        _ source: String, _ destination: String? = nil, outside: String? = nil, ipProtocol: UInt8 = 6
    ) throws -> ConntrackEntry {
        let from = Self.attachment(source).addresses[0]
        let other = try destination.map { Self.attachment($0).addresses[0] } ?? #require(IPAddress(outside ?? ""))
        return ConntrackEntry(
            original: .init(
                source: from, destination: other, ipProtocol: ipProtocol,
                detail: .ports(source: 40000, destination: 80)),
            reply: .init(
                source: other, destination: from, ipProtocol: ipProtocol,
                detail: .ports(source: 80, destination: 40000)))
    }
}

private enum PeerSetNames {
    /// The kernel's set of a project network's IPv4 addresses.
    static func network(_ id: UInt32) -> Name {
        "\(PeerSetID(kind: .addresses, definition: "network \(id) pods {}").name)-4"
    }
}
