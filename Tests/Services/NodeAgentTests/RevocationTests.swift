import ClusterAPI
import ConntrackDriver
import KubernetesClient
import NetworkTypes
import NodeAgent
import Synchronization
import TestSupport
import Testing

/// Connections end when they are no longer allowed, whatever change it was that denied them.
@Suite struct RevocationTests {
    private static let quarantined = LabelSelector(matchLabels: ["quarantine": "true"])

    /// Denies from whom the peer means, and (to show that Pass counts as well) passes what a baseline then denies.
    private static func admin(_ action: String, from peer: ClusterPolicyPeer) -> AdminNetworkPolicy {
        AdminNetworkPolicy(
            name: "quarantine",
            spec: AdminNetworkPolicySpec(
                priority: 1, subject: ClusterPolicySubject(namespaces: LabelSelector()),
                ingress: [
                    .init(action: action, from: [peer]),
                    .init(action: "Allow", from: [ClusterPolicyPeer(namespaces: LabelSelector())]),
                ]))
    }

    @Test("a pod that comes to be denied by a new label loses its connections", arguments: ["Deny", "Pass"])
    func labelRevokes(action: String) async throws {
        let kernel = FakeKernel()
        let peer = ClusterPolicyPeer(
            pods: NamespacedPods(namespaceSelector: LabelSelector(), podSelector: Self.quarantined))
        let baseline = BaselineAdminNetworkPolicy(
            spec: AdminNetworkPolicySpec(
                subject: ClusterPolicySubject(namespaces: LabelSelector()),
                ingress: [.init(action: "Deny", from: [ClusterPolicyPeer(namespaces: LabelSelector())])]))
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web"), Cluster.pod("front"), Cluster.pod("other")],
                admins: [Self.admin(action, from: peer)])
            await agent.receive(.replaced([baseline]))
            for (name, number) in [("web", 5), ("front", 6), ("other", 7)] as [(String, UInt32)] {
                try await agent.attach(Cluster.attachment(name, number))
            }
            let lost = try connection("10.128.1.6", "10.128.1.5", 80)
            let kept = try connection("10.128.1.7", "10.128.1.5", 80)
            kernel.state.withLock { $0.connections = [lost, kept] }
            await agent.receive(.upserted(Cluster.pod("front", labels: ["quarantine": "true"])))
            try await eventually { kernel.state.withLock { $0.connections } == [kept] }
        }
    }

    @Test("a pod of another node that connected before its address was known is denied as soon as it is")
    func addressRevokes() async throws {
        let kernel = FakeKernel()
        var remote = Cluster.pod("remote", labels: ["quarantine": "true"])
        remote.spec?.nodeName = "two"
        let peer = ClusterPolicyPeer(
            pods: NamespacedPods(namespaceSelector: LabelSelector(), podSelector: Self.quarantined))
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web"), remote], admins: [Self.admin("Deny", from: peer)])
            try await agent.attach(Cluster.attachment("web", 5))
            let early = try connection("10.128.2.9", "10.128.1.5", 80)
            kernel.state.withLock { $0.connections = [early] }
            remote.status = PodStatus(phase: "Running", podIPs: ["10.128.2.9"])
            await agent.receive(.upserted(remote))
            try await eventually { kernel.state.withLock { $0.connections }.isEmpty }
        }
    }

    @Test("a node that comes to be denied by a new label loses its connections")
    func nodeRevokes() async throws {
        let kernel = FakeKernel()
        var node = Node(metadata: ObjectMeta(name: "three"))
        node.status = NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: "192.168.7.3")])
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            await agent.receive(.upserted(node))
            let deny = AdminNetworkPolicy(
                name: "to-nodes",
                spec: AdminNetworkPolicySpec(
                    priority: 1, subject: ClusterPolicySubject(namespaces: LabelSelector()),
                    egress: [.init(action: "Deny", to: [ClusterPolicyPeer(nodes: Self.quarantined)])]))
            await agent.receive(.upserted(deny))
            try await agent.attach(Cluster.attachment("web", 5))
            let open = try connection("10.128.1.5", "192.168.7.3", 22)
            kernel.state.withLock { $0.connections = [open] }
            node.metadata.labels = ["quarantine": "true"]
            await agent.receive(.upserted(node))
            try await eventually { kernel.state.withLock { $0.connections }.isEmpty }
        }
    }

    @Test("a new Deny of the admin tier ends the TCP and UDP connections that it denies, in both directions")
    func adminDenyRevokes() async throws {
        let kernel = FakeKernel()
        let web = Cluster.attachment("web", 5)
        let everyone = LabelSelector()
        let office = ClusterPolicyPeer(networks: ["203.0.113.0/24"])
        let front = NamespacedPods(
            namespaceSelector: everyone, podSelector: LabelSelector(matchLabels: ["app": "front"]))
        let deny = AdminNetworkPolicy(
            name: "deny",
            spec: AdminNetworkPolicySpec(
                priority: 1, subject: ClusterPolicySubject(namespaces: everyone),
                ingress: [.init(action: "Deny", from: [ClusterPolicyPeer(pods: front)])],
                egress: [
                    .init(action: "Deny", to: [office], ports: [.init(portNumber: .init(protocol: "UDP", port: 53))])
                ]))
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web"), Cluster.pod("front", labels: ["app": "front"])])
            try await agent.attach(web)
            try await agent.attach(Cluster.attachment("front", 6))
            let lost = try [
                connection("10.128.1.6", "10.128.1.5", 80), connection("10.128.1.6", "10.128.1.5", 53, ipProtocol: 17),
                connection("10.128.1.5", "203.0.113.9", 53, ipProtocol: 17),
            ]
            let kept = try [
                connection("10.128.1.5", "203.0.113.9", 53), connection("10.128.1.5", "10.128.1.6", 80),
                connection("203.0.113.9", "10.128.1.5", 80),
            ]
            kernel.state.withLock { $0.connections = lost + kept }
            await agent.receive(.upserted(deny))
            try await eventually { kernel.state.withLock { $0.connections } == kept }
        }
    }

    @Test("a connection with an address of the node's own is not revoked, whatever interface has it")
    func ownAddressesStay() async throws {
        let kernel = FakeKernel()
        let web = Cluster.attachment("web", 5)
        let bridge = try #require(IPAddress("172.17.0.1"))
        kernel.state.withLock { $0.localAddresses = [bridge] }
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")])
            try await agent.attach(web)
            let toPod = try connection("172.17.0.1", "10.128.1.5", 80)
            let fromPod = try connection("10.128.1.5", "172.17.0.1", 53)
            let stranger = try connection("172.17.0.2", "10.128.1.5", 80)
            kernel.state.withLock { $0.connections = [toPod, fromPod, stranger] }
            await agent.receive(.upserted(Cluster.policy(from: nil)))
            try await eventually { kernel.state.withLock { $0.connections } == [toPod, fromPod] }
        }
    }

    private func connection(
        _ source: String, _ destination: String, _ port: UInt16, answers: String? = nil, ipProtocol: UInt8 = 6
    ) throws -> ConntrackEntry {
        let from = try #require(IPAddress(source))
        let to = try #require(IPAddress(destination))
        let real = try #require(IPAddress(answers ?? destination))
        return ConntrackEntry(
            original: .init(
                source: from, destination: to, ipProtocol: ipProtocol,
                detail: .ports(source: 40000, destination: port)),
            reply: .init(
                source: real, destination: from, ipProtocol: ipProtocol,
                detail: .ports(source: port, destination: 40000)))
    }

    @Test("a new deny ends the connections that it denies, and no other")
    func revokes() async throws {
        let kernel = FakeKernel()
        let web = Cluster.attachment("web", 5)
        let front = Cluster.attachment("front", 6)
        try await Cluster.withAgent(kernel) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web"), Cluster.pod("front", labels: ["app": "front"])])
            try await agent.attach(web)
            try await agent.attach(front)
            let allowed = try connection("10.128.1.6", "10.128.1.5", 80)
            let denied = try connection("10.128.1.6", "10.128.1.5", 443)
            let translated = try connection("10.128.1.6", "172.30.0.1", 443, answers: "10.128.1.5")
            let foreign = try connection("192.168.7.9", "192.168.7.1", 22)
            let stale = try connection("10.128.2.4", "10.128.1.77", 80)
            kernel.state.withLock { $0.connections = [allowed, denied, translated, foreign, stale] }
            await agent.receive(.upserted(Cluster.policy(from: LabelSelector(matchLabels: ["app": "front"]))))
            try await eventually { kernel.state.withLock { $0.connections } == [allowed, foreign] }
            #expect(await agent.status().counters.revokedConnections == 3)
        }
    }
}
