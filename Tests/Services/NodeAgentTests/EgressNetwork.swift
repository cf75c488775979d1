import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import NodeModel
import RoutingDriver
import TestSupport
import Testing

/// Three nodes of one network, each with an agent that can be killed, pods of both families on them, and a host outside that
/// remembers who sent it what.
///
/// Who holds an address is told by hand, as is the address on the interface.
actor EgressNetwork {
    static let nodeNames = ["one", "two", "three"]
    /// Pods by name: their node and namespace.
    static let places = [
        "a": (node: "one", namespace: "shop"), "b": (node: "two", namespace: "shop"),
        "c": (node: "three", namespace: "bank"), "d": (node: "one", namespace: "free"),
    ]
    static let podNames = places.keys.sorted()
    static let outsideAddresses = ["192.168.7.9", "fd07::9"]

    nonisolated let outside: TestNamespace
    nonisolated let nodes: [String: TestNamespace]
    nonisolated let pods: [String: TestNamespace]
    private(set) var agents: [String: NodeAgent] = [:]
    private var attachments: [String: [PodAttachment]] = [:]
    private var netNamespaces: [String: NetNamespace] = [:]
    private var egressIPs: [String: EgressIP] = [:]
    private var unreadableEgressIPs: [UnreadableObject] = []
    private var egressNodes: [String: EgressNode] = [:]
    private let kills: [String: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)]

    static func with(_ body: (EgressNetwork) async throws -> Void) async throws {
        let network = try EgressNetwork()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodeNames { group.addTask { try await network.supervise(node) } }
            for pod in podNames { try await network.attach(pod) }
            let ports = podNames.flatMap { ["tcp/\(port(of: $0))", "udp/\(port(of: $0))"] }
            var program = Program(try BuiltProgram.path("gabion-responder"), ["--identity", "outside"] + ports)
            program.namespace = network.outside.reference
            let responder = try program.spawn()
            try await body(network)
            try responder.terminate(grace: .zero)
            group.cancelAll()
        }
    }

    private init() throws {
        outside = try TestNamespace("outside")
        nodes = try Dictionary(uniqueKeysWithValues: Self.nodeNames.map { ($0, try TestNamespace("node-\($0)")) })
        pods = try Dictionary(uniqueKeysWithValues: Self.podNames.map { ($0, try TestNamespace("pod-\($0)")) })
        kills = Dictionary(uniqueKeysWithValues: Self.nodeNames.map { ($0, AsyncStream.makeStream()) })
        try outside.run("/usr/sbin/ip", "link", "add", "br0", "type", "bridge")
        try outside.run("/usr/sbin/ip", "link", "set", "br0", "up")
        for address in Self.outsideAddresses { try Self.give(address, to: outside, "br0", length: true) }
        for (number, name) in Self.nodeNames.enumerated() {
            guard let node = nodes[name] else { continue }
            try node.run(
                "/usr/sbin/ip", "link", "add", "d0", "type", "veth", "peer", "name", "p\(number)", "netns",
                outside.name)
            try outside.run("/usr/sbin/ip", "link", "set", "p\(number)", "master", "br0", "up")
            for address in Self.hosts(name) { try Self.give(address, to: node, "d0", length: true) }
            try node.run("/usr/sbin/ip", "link", "set", "d0", "up")
        }
        try watch()
    }

    private static func give(_ address: String, to place: TestNamespace, _ device: String, length: Bool) throws {
        let isV6 = address.contains(":")
        let text = "\(address)/" + (length ? isV6 ? "64" : "24" : isV6 ? "128" : "32")
        // Deprecated, or the kernel would choose it for what is masqueraded and for the node's own connections.
        let lifetime = length || !isV6 ? "forever" : "0"
        try place.run("/usr/sbin/ip", "address", "replace", text, "dev", device, "preferred_lft", lifetime, "nodad")
    }

    static func number(_ node: String) -> Int { (nodeNames.firstIndex(of: node) ?? 0) + 1 }
    static func hosts(_ node: String) -> [String] { ["192.168.7.\(number(node))", "fd07::\(number(node))"] }
    static func port(of pod: String) -> UInt16 { UInt16(8001 + (podNames.firstIndex(of: pod) ?? 0)) }

    static func addresses(_ pod: String) -> [IPAddress] {
        let node = UInt32(number(places[pod]?.node ?? ""))
        let number = UInt32(podNames.firstIndex(of: pod) ?? 0) + 5
        return [
            IPAddress(v4: 0x0A80_0000 | node << 8 | number),
            IPAddress(family: .v6, bits: UInt128(0xFD01) << 112 | UInt128(node) << 64 | UInt128(number)),
        ]
    }

    // MARK: Agents

    private func supervise(_ node: String) async throws {
        guard let place = nodes[node], let kill = kills[node] else { return }
        while !Task.isCancelled {
            var configuration = Cluster.configuration
            configuration.nodeName = node
            let agent = NodeAgent(
                configuration: configuration, kernel: try HostKernel(in: place.reference), logger: Cluster.logger)
            await agent.adopt(attachments[node] ?? [])
            agents[node] = agent
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await agent.run() }
                group.addTask { await self.introduce(to: agent) }
                group.addTask { for await _ in kill.stream { return } }
                // The introduction ends first.
                await group.next()
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// Ends a node's agent wherever it is, and starts another.
    func kill(_ node: String) { kills[node]?.continuation.yield() }

    private func introduce(to agent: NodeAgent) async {
        await agent.receive(
            .replaced(
                Set(Self.places.values.map(\.namespace)).map {
                    Namespace(metadata: ObjectMeta(name: $0, labels: ["name": $0]))
                }))
        await agent.receive(.replaced(Self.nodeNames.map { Node(metadata: ObjectMeta(name: $0)) }))
        var network = ClusterNetwork(clusterNetworks: [
            .init(cidr: "10.128.0.0/14", hostSubnetLength: 8), .init(cidr: "fd01::/48", hostSubnetLength: 64),
        ])
        network.serviceNetwork = "172.30.0.0/16,fd98::/112"
        await agent.receive(.replaced([network]))
        await agent.receive(
            .replaced(
                Self.nodeNames.map { name in
                    let number = Self.number(name)
                    return HostSubnet(
                        host: name, hostIPs: Self.hosts(name),
                        subnets: ["10.128.\(number).0/24", "fd01:0:0:\(number)::/64"])
                }))
        await agent.receive(.replaced(Self.podNames.map(Self.pod)))
        await agent.receive(.replaced([AdminNetworkPolicy]()))
        await agent.receive(.replaced([BaselineAdminNetworkPolicy]()))
        await agent.receive(.replaced([ClusterNetworkPolicy]()))
        await agent.receive(.replaced([EgressFirewall]()))
        await agent.receive(.replaced([EgressNetworkPolicy]()))
        await agent.receive(.replaced([MetadataAccess]()))
        await agent.receive(.replaced([NetworkPolicy]()))
        await agent.receive(.replaced([Zone]()))
        await agent.receive(.replaced([Service]()))
        await agent.receive(.replaced([EndpointSlice]()))
        await agent.receive(.replaced([ExternalIPPolicy]()))
        await agent.receive(.replaced(Array(netNamespaces.values)))
        await agent.receive(.replaced(Array(egressNodes.values)))
        await agent.receive(.replaced(Array(egressIPs.values), unreadable: unreadableEgressIPs))
    }

    private static func pod(_ name: String) -> Pod {
        let place = places[name]
        var pod = Pod(metadata: ObjectMeta(name: name, namespace: place?.namespace))
        pod.spec = PodSpec(nodeName: place?.node)
        pod.status = PodStatus(phase: "Running", podIPs: addresses(name).map(\.description))
        return pod
    }

    private func attach(_ name: String) async throws {
        guard let place = Self.places[name], let pod = pods[name], let node = nodes[place.node] else { return }
        let addresses = Self.addresses(name)
        let interface = PodInterface(
            hostName: "gab00000000000\(name)", namespacePath: pod.path, addresses: addresses, mtu: 1400)
        try Rtnetlink(in: node.reference).setUp(interface)
        let attachment = PodAttachment(
            pod: ObjectKey(namespace: place.namespace, name: name), containerID: name, interface: interface.hostName,
            addresses: addresses, mac: interface.podMAC)
        attachments[place.node, default: []].append(attachment)
        try await eventually { agents[place.node] != nil }
        try await agents[place.node]?.attach(attachment)
    }

    // MARK: The cluster's objects

    func ask(_ namespace: String, for addresses: [String]) async {
        var netNamespace = NetNamespace(netname: namespace, netid: UInt32(namespace.utf8.count))
        netNamespace.egressIPs = addresses
        netNamespaces[namespace] = netNamespace
        for agent in agents.values { await agent.receive(.upserted(netNamespace)) }
    }

    func hold(_ addresses: [String], by node: String) async {
        let egressNode = EgressNode(name: node, spec: EgressNodeSpec(addresses: addresses))
        egressNodes[node] = egressNode
        for agent in agents.values { await agent.receive(.upserted(egressNode)) }
    }

    func forgetHolder(_ node: String) async {
        guard let gone = egressNodes.removeValue(forKey: node) else { return }
        for agent in agents.values { await agent.receive(.deleted(gone)) }
    }

    /// An EgressIP about a namespace; nil for one that nobody can read.
    func select(_ name: String, _ spec: EgressIPSpec?) async {
        guard let spec else {
            let key = ObjectKey(namespace: "", name: name)
            unreadableEgressIPs = [UnreadableObject(key: key, reason: "a test")]
            for agent in agents.values { await agent.receive(CacheEvent<EgressIP>.unreadable(unreadableEgressIPs[0])) }
            return
        }
        unreadableEgressIPs = []
        let egressIP = EgressIP(name: name, spec: spec)
        egressIPs[name] = egressIP
        for agent in agents.values { await agent.receive(.upserted(egressIP)) }
    }

    func unselect(_ name: String) async {
        unreadableEgressIPs = []
        let gone = egressIPs.removeValue(forKey: name) ?? EgressIP(name: name, spec: nil)
        for agent in agents.values { await agent.receive(.deleted(gone)) }
    }

    /// The addresses on a node's interface, besides its own.
    nonisolated func put(_ addresses: [String], on node: String, removing old: [String] = []) throws {
        guard let place = nodes[node] else { return }
        for address in old where !addresses.contains(address) {
            let text = address + (address.contains(":") ? "/128" : "/32")
            _ = try? place.run("/usr/sbin/ip", "address", "del", text, "dev", "d0")
        }
        for address in addresses { try Self.give(address, to: place, "d0", length: false) }
        for family in ["-4", "-6"] { try outside.run("/usr/sbin/ip", family, "neighbour", "flush", "dev", "br0") }
    }

    /// Holder and interface at once.
    func give(_ addresses: [String], to node: String) async throws {
        try put(addresses, on: node, removing: egressNodes[node]?.addresses ?? [])
        await hold(addresses, by: node)
    }
}
