import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import NodeModel
import RoutingDriver
import TestSupport
import Testing

/// A real node of both families with an agent, three pods that answer TCP and UDP on 8080 with their names, and a host
/// outside.
final class ServiceNode: Sendable {
    let node: TestNamespace
    let outside: TestNamespace
    let pods: [String: TestNamespace]
    let agent: NodeAgent

    static let names = ["a", "b", "c"]
    static let hosts = ["192.168.7.1", "fd07::1"]
    private static let strangers = ["192.168.7.9", "fd07::9"]

    /// - Parameter nodePorts: where node ports are served; empty: everywhere.
    static func with(nodePorts: [CIDR] = [], _ body: (ServiceNode) async throws -> Void) async throws {
        let node = try TestNamespace("services")
        let kernel = try HostKernel(in: node.reference)
        var configuration = Cluster.configuration
        configuration.nodePortRanges = nodePorts
        let agent = NodeAgent(configuration: configuration, kernel: kernel, logger: Cluster.logger)
        let fixture = try ServiceNode(node, agent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await agent.run() }
            let responders = try await fixture.fill()
            try await body(fixture)
            for responder in responders { try responder.terminate(grace: .zero) }
            group.cancelAll()
        }
    }

    private init(_ node: TestNamespace, _ agent: NodeAgent) throws {
        self.node = node
        self.agent = agent
        outside = try TestNamespace("outside")
        pods = try Dictionary(uniqueKeysWithValues: Self.names.map { ($0, try TestNamespace("pod-\($0)")) })
        try node.run(
            "/usr/sbin/ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1", "netns", outside.name)
        for (place, device, addresses) in [(node, "d0", Self.hosts), (outside, "d1", Self.strangers)] {
            for address in addresses {
                let length = address.contains(":") ? "64" : "24"
                try place.run("/usr/sbin/ip", "address", "add", "\(address)/\(length)", "dev", device, "nodad")
            }
            try place.run("/usr/sbin/ip", "link", "set", device, "up")
        }
    }

    static func addresses(_ pod: String) -> [IPAddress] {
        let number = UInt32((names.firstIndex(of: pod) ?? 0) + 5)
        return [
            IPAddress(v4: 0x0A80_0100 + number), IPAddress(family: .v6, bits: UInt128(0xFD01) << 112 | UInt128(number)),
        ]
    }

    private func fill() async throws -> [ProcessHandle] {
        await Cluster.introduce(to: agent, pods: Self.names.map { Cluster.pod($0, labels: ["app": $0]) })
        var network = ClusterNetwork(clusterNetworks: [
            .init(cidr: "10.128.0.0/14", hostSubnetLength: 8), .init(cidr: "fd01::/48", hostSubnetLength: 64),
        ])
        network.serviceNetwork = "172.30.0.0/16,fd98::/112"
        await agent.receive(.upserted(network))
        await agent.receive(
            .upserted(HostSubnet(host: "one", hostIPs: Self.hosts, subnets: ["10.128.1.0/24", "fd01::/64"])))
        var responders: [ProcessHandle] = []
        for name in Self.names { responders.append(try await start(name)) }
        return responders
    }

    private func start(_ name: String) async throws -> ProcessHandle {
        let pod = try #require(pods[name])
        let addresses = Self.addresses(name)
        let interface = PodInterface(
            hostName: "gab00000000000\(name)", namespacePath: pod.path, addresses: addresses, mtu: 1400)
        try Rtnetlink(in: node.reference).setUp(interface)
        try await agent.attach(
            PodAttachment(
                pod: ObjectKey(namespace: "shop", name: name), containerID: name, interface: interface.hostName,
                addresses: addresses, mac: interface.podMAC))
        var program = Program(
            try BuiltProgram.path("gabion-responder"), ["--identity", name, "tcp/8080", "udp/8080"])
        program.namespace = pod.reference
        return try program.spawn()
    }

    // MARK: What clients see

    func place(_ name: String) -> NamespaceReference {
        switch name {
        case "node": node.reference
        case "outside": outside.reference
        default: pods[name]?.reference ?? .current
        }
    }

    /// `POD sees ADDRESS` of who answered and whom it saw, or how it failed.
    func ask(_ transport: TransportProtocol, from client: String, _ address: String, _ port: UInt16) throws -> String {
        try Self.ask(transport, in: place(client), address, port)
    }

    static func ask(
        _ transport: TransportProtocol, in place: NamespaceReference, _ address: String, _ port: UInt16
    ) throws -> String {
        guard let address = IPAddress(address) else { return "no address" }
        let target = SocketAddress(address, port: port)
        return try withNetworkNamespace(place) {
            let socket = try Socket(transport == .tcp ? .tcp : .udp, address.family)
            do {
                if transport == .tcp {
                    if try !socket.connect(to: target) {
                        guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(2)) else {
                            return "silence"
                        }
                        if let error = socket.pendingError() { return word(error) }
                    }
                } else {
                    _ = try socket.connect(to: target)
                    _ = try socket.send(Array("?".utf8))
                }
                return try answer(socket)
            } catch let error as SystemError {
                return word(error.number)
            }
        }
    }

    static func answer(_ socket: Socket) throws -> String {
        guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(2)) else { return "silence" }
        guard let bytes = try socket.receive() else { return "silence" }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count > 1, let colon = words[1].lastIndex(of: ":") else { return "nonsense" }
        return "\(words[0]) sees \(words[1][..<colon].filter { $0 != "[" && $0 != "]" })"
    }

    private static func word(_ error: ErrorNumber) -> String {
        error == .connectionRefused ? "refused" : "\(error)"
    }
}
