import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import NodeModel
import TestSupport

/// A node's namespace with an agent in it and two pods on it, `shop/web` and `shop/db`, whom a policy allows to hear `web`
/// on port 80 only.
struct PodPair {
    let node: TestNamespace
    let web: TestNamespace
    let database: TestNamespace
    let agent: NodeAgent

    static let webAddress = IPAddress(v4: 0x0A80_0105)
    static let databaseAddress = IPAddress(v4: 0x0A80_0106)

    static func with(_ body: (PodPair) async throws -> Void) async throws {
        let node = try TestNamespace("node")
        let pair = PodPair(
            node: node, web: try TestNamespace("web"), database: try TestNamespace("db"),
            agent: NodeAgent(
                configuration: AgentConfiguration(nodeName: "one"), kernel: try HostKernel(in: node.reference),
                logger: FlowLogServiceTests.logger))
        try node.run("/usr/sbin/ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1")
        try node.run("/usr/sbin/ip", "address", "add", "192.168.7.1/24", "dev", "d0")
        for name in ["d0", "d1"] { try node.run("/usr/sbin/ip", "link", "set", name, "up") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pair.agent.run() }
            try await pair.introduce()
            try await pair.attach("web", 5, pair.web)
            try await pair.attach("db", 6, pair.database)
            try await body(pair)
            group.cancelAll()
        }
    }

    private func introduce() async throws {
        await agent.receive(.replaced([Namespace(metadata: ObjectMeta(name: "shop"))]))
        await agent.receive(.replaced([Node(metadata: ObjectMeta(name: "one"))]))
        await agent.receive(
            .replaced([ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)])]))
        await agent.receive(
            .replaced([HostSubnet(host: "one", hostIPs: ["192.168.7.1"], subnets: ["10.128.1.0/24"])]))
        let pods = ["web", "db"].map { name in
            var pod = Pod(metadata: ObjectMeta(name: name, namespace: "shop", labels: ["app": name]))
            pod.spec = PodSpec(nodeName: "one")
            return pod
        }
        await agent.receive(.replaced(pods))
        await agent.receive(.replaced([AdminNetworkPolicy]()))
        await agent.receive(.replaced([BaselineAdminNetworkPolicy]()))
        await agent.receive(.replaced([ClusterNetworkPolicy]()))
        await agent.receive(.replaced([EgressFirewall]()))
        await agent.receive(.replaced([EgressNetworkPolicy]()))
        await agent.receive(.replaced([MetadataAccess]()))
        await agent.receive(.replaced([EgressIP]()))
        await agent.receive(.replaced([EgressNode]()))
        await agent.receive(.replaced([Zone]()))
        await agent.receive(.replaced([NetNamespace]()))
        await agent.receive(.replaced([Service]()))
        await agent.receive(.replaced([EndpointSlice]()))
        await agent.receive(.replaced([ExternalIPPolicy]()))
        var spec = NetworkPolicySpec(
            podSelector: LabelSelector(matchLabels: ["app": "db"]), policyTypes: [.ingress])
        let peer = NetworkPolicyPeer(podSelector: LabelSelector(matchLabels: ["app": "web"]))
        spec.ingress = [.init(from: [peer], ports: [.init(port: .int(80))])]
        await agent.receive(
            .replaced([NetworkPolicy(metadata: ObjectMeta(name: "only-web", namespace: "shop"), spec: spec)]))
    }

    private func attach(_ name: String, _ number: UInt32, _ pod: TestNamespace) async throws {
        let address = IPAddress(v4: 0x0A80_0100 + number)
        let attachment = PodAttachment(
            pod: ObjectKey(namespace: "shop", name: name), containerID: "c-\(name)",
            interface: "gab00000000000\(number)", addresses: [address], mac: MACAddress(derivedFrom: address))
        let gateway = "0a:00:00:00:00:0\(number)"
        try node.run(
            "/usr/sbin/ip", "link", "add", attachment.interface, "address", gateway, "type", "veth", "peer", "name",
            "eth0", "address", "\(attachment.mac)", "netns", pod.name)
        try node.run("/usr/sbin/ip", "link", "set", attachment.interface, "up")
        try pod.run("/usr/sbin/ip", "address", "add", "\(address)/32", "dev", "eth0")
        try pod.run("/usr/sbin/ip", "link", "set", "eth0", "up")
        try pod.run("/usr/sbin/ip", "neighbour", "add", "169.254.1.1", "lladdr", gateway, "dev", "eth0")
        try pod.run("/usr/sbin/ip", "route", "add", "169.254.1.1", "dev", "eth0")
        try pod.run("/usr/sbin/ip", "route", "add", "default", "via", "169.254.1.1", "dev", "eth0")
        try await agent.attach(attachment)
    }
}
