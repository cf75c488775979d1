import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import TestSupport
import Testing
import ToolRunner

/// Addresses from outside, by real packets.
///
/// They are routed to the node, which does not hold them.
@Suite("Doors of a service beside its own address", .requiresRoot, .serialized, .timeLimit(.minutes(3)))
struct ExternalAddressDatapathTests {
    private static let external = ["192.0.2.7", "2001:db8:7::7"]
    private static let policy = ExternalIPPolicy(
        name: "office", spec: ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.0/24", "2001:db8:7::/64"]))

    private static func service(_ change: (inout ServiceSpec) -> Void) -> Service {
        var ports = [ServicePort(name: "t", port: 80), ServicePort(name: "u", protocol: "UDP", port: 53)]
        ports[0].nodePort = 30080
        ports[1].nodePort = 30053
        var spec = ServiceSpec(clusterIPs: ["172.30.0.10", "fd98::10"], ports: ports)
        spec.type = "NodePort"
        change(&spec)
        return Service(metadata: ObjectMeta(name: "web", namespace: "shop"), spec: spec)
    }

    private static func balancer(_ change: (inout ServiceSpec) -> Void) -> Service {
        var service = service { spec in
            spec.type = "LoadBalancer"
            change(&spec)
        }
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(ingress: external.map { LoadBalancerIngress(ip: $0) }))
        return service
    }

    /// Endpoints as `POD` or `POD@NODE`.
    private static func tell(_ agent: NodeAgent, _ endpoints: [String]) async {
        for (index, type) in ["IPv4", "IPv6"].enumerated() {
            let all = endpoints.map { text in
                let parts = text.split(separator: "@").map(String.init)
                return SliceEndpoint(
                    addresses: [ServiceNode.addresses(parts[0])[index].description],
                    nodeName: parts.count > 1 ? parts[1] : "one")
            }
            let slice = EndpointSlice(
                metadata: ObjectMeta(
                    name: "web-\(type)", namespace: "shop", labels: [EndpointSlice.serviceLabel: "web"]),
                addressType: type, endpoints: all,
                ports: [SlicePort(name: "t", port: 8080), SlicePort(name: "u", protocol: "UDP", port: 8080)])
            await agent.receive(.upserted(slice))
        }
    }

    /// With ways to the addresses from outside, and from the node to anywhere.
    private static func with(
        nodePorts: [CIDR] = [], _ body: (ServiceNode) async throws -> Void
    ) async throws {
        try await ServiceNode.with(nodePorts: nodePorts) { fixture in
            let ip = "/usr/sbin/ip"
            try fixture.outside.run(ip, "route", "add", "192.0.2.0/24", "via", ServiceNode.hosts[0])
            try fixture.outside.run(ip, "route", "add", "2001:db8:7::/64", "via", ServiceNode.hosts[1])
            try fixture.node.run(ip, "route", "add", "default", "via", "192.168.7.9")
            try fixture.node.run(ip, "route", "add", "default", "via", "fd07::9")
            try await body(fixture)
        }
    }

    private static let doors: [(TransportProtocol, UInt16, Int)] = [
        (.tcp, 80, 0), (.udp, 53, 0), (.tcp, 80, 1), (.udp, 53, 1),
    ]

    @Test("an address that a policy allows is open to the outside, to pods and to the node, and to nobody without")
    func external() async throws {
        try await Self.with { fixture in
            await fixture.agent.receive(.upserted(Self.service { $0.externalIPs = Self.external }))
            await Self.tell(fixture.agent, ["a"])
            let clients = [
                ("outside", ["192.168.7.9", "fd07::9"]), ("c", ServiceNode.addresses("c").map(\.description)),
                ("node", ServiceNode.hosts),
            ]
            try await eventually { try fixture.ask(.tcp, from: "c", "172.30.0.10", 80).hasPrefix("a sees") }
            for (client, _) in clients {
                #expect(try !fixture.ask(.tcp, from: client, Self.external[0], 80).contains("sees"), "\(client)")
            }
            #expect(
                await fixture.agent.status().problems.contains { $0.contains("no node takes traffic for 192.0.2.7") })
            await fixture.agent.receive(.upserted(Self.policy))
            for (client, seen) in clients {
                for (transport, port, family) in Self.doors {
                    try await eventually("\(client) \(transport) \(family)") {
                        try fixture.ask(transport, from: client, Self.external[family], port)
                            == "a sees \(seen[family])"
                    }
                }
            }
            #expect(await fixture.agent.status().problems == [])
            await Self.tell(fixture.agent, [])
            try await eventually { try fixture.ask(.tcp, from: "outside", Self.external[0], 80) == "refused" }
            // The slice of the other family is told of later.
            try await eventually { try fixture.ask(.udp, from: "c", Self.external[1], 53) == "refused" }
            await Self.tell(fixture.agent, ["a"])
            await fixture.agent.receive(CacheEvent<ExternalIPPolicy>.deleted(Self.policy))
            try await eventually { try !fixture.ask(.tcp, from: "outside", Self.external[0], 80).contains("sees") }
        }
    }

    @Test("with Local, the outside finds endpoints here alone, pods and the node find all")
    func local() async throws {
        try await Self.with { fixture in
            await fixture.agent.receive(.upserted(Self.policy))
            await fixture.agent.receive(
                .upserted(
                    Self.service { spec in
                        spec.externalIPs = Self.external
                        spec.externalTrafficPolicy = "Local"
                    }))
            await Self.tell(fixture.agent, ["a", "b@two"])
            for family in [0, 1] {
                let stranger = ["192.168.7.9", "fd07::9"][family]
                try await eventually {
                    try fixture.ask(.tcp, from: "outside", Self.external[family], 80) == "a sees \(stranger)"
                }
                for _ in 0..<10 {
                    #expect(try fixture.ask(.tcp, from: "outside", Self.external[family], 80).hasPrefix("a sees"))
                }
                for (client, seen) in [
                    ("c", ServiceNode.addresses("c")[family].description), ("node", ServiceNode.hosts[family]),
                ] {
                    var answers: Set<String> = []
                    try await eventually("both answer \(client)") {
                        answers.insert(try fixture.ask(.tcp, from: client, Self.external[family], 80))
                        return answers.isSuperset(of: ["a sees \(seen)", "b sees \(seen)"])
                    }
                }
            }
            await Self.tell(fixture.agent, ["b@two"])
            try await eventually { try fixture.ask(.tcp, from: "outside", Self.external[0], 80) == "refused" }
            #expect(try fixture.ask(.tcp, from: "c", Self.external[0], 80).hasPrefix("b sees"))
        }
    }

    @Test("policies judge the pods behind an address from outside")
    func policies() async throws {
        try await Self.with { fixture in
            await fixture.agent.receive(.upserted(Self.policy))
            await fixture.agent.receive(.upserted(Self.service { $0.externalIPs = Self.external }))
            await Self.tell(fixture.agent, ["a"])
            var policy = Cluster.policy(from: LabelSelector(matchLabels: ["app": "b"]))
            policy.spec?.ingress?[0].ports = [.init(port: .int(8080))]
            await fixture.agent.receive(.upserted(policy))
            for address in Self.external {
                try await eventually { try fixture.ask(.tcp, from: "b", address, 80).hasPrefix("a sees") }
                for client in ["c", "outside"] {
                    #expect(try fixture.ask(.tcp, from: client, address, 80) == "silence")
                }
            }
        }
    }

    @Test("a load balancer lets in its source ranges alone; whoever is no longer let in loses what is open")
    func sourceRanges() async throws {
        try await Self.with { fixture in
            await fixture.agent.receive(.upserted(Self.policy))
            await Self.tell(fixture.agent, ["a"])
            let pod = ServiceNode.addresses("c")[0]
            await fixture.agent.receive(
                .upserted(Self.balancer { $0.loadBalancerSourceRanges = ["192.168.7.8/29", "fd07::/64"] }))
            for (transport, port, family) in Self.doors {
                try await eventually("\(transport) \(family)") {
                    try fixture.ask(transport, from: "outside", Self.external[family], port).hasPrefix("a sees")
                }
            }
            #expect(try fixture.ask(.tcp, from: "c", Self.external[0], 80) == "silence")
            try await eventually { await fixture.agent.status().drops["drop_source_range"]?.packets ?? 0 > 0 }
            // The service's other doors are not concerned.
            #expect(try fixture.ask(.tcp, from: "c", "172.30.0.10", 80).hasPrefix("a sees"))
            #expect(try fixture.ask(.tcp, from: "outside", ServiceNode.hosts[0], 30080).hasPrefix("a sees"))
            let flow = try DatagramFlow(from: fixture.outside.reference, to: Self.external[0], 53)
            #expect(try flow.ask().hasPrefix("a sees"))
            await fixture.agent.receive(.upserted(Self.balancer { $0.loadBalancerSourceRanges = ["\(pod)/32", "x"] }))
            try await eventually { try fixture.ask(.tcp, from: "c", Self.external[0], 80).hasPrefix("a sees") }
            try await eventually { try flow.ask() == "silence" }
            for (transport, port, family) in Self.doors {
                #expect(try fixture.ask(transport, from: "outside", Self.external[family], port) == "silence")
            }
        }
    }

    @Test("node ports answer the node's own processes at 127.0.0.1, and loopback stays closed to pods")
    func loopback() async throws {
        try await Self.with { fixture in
            await fixture.agent.receive(.upserted(Self.service { _ in }))
            await fixture.agent.receive(.upserted(Cluster.policy(from: nil)))
            await Self.tell(fixture.agent, ["a"])
            for (transport, port) in [(.tcp, 30080), (.udp, 30053)] as [(TransportProtocol, UInt16)] {
                try await eventually("\(transport)") {
                    try fixture.ask(transport, from: "node", "127.0.0.1", port) == "a sees \(ServiceNode.hosts[0])"
                }
            }
            var program = Program(
                try BuiltProgram.path("gabion-responder"), ["--identity", "secret", "tcp/9999", "udp/9999"])
            program.namespace = fixture.node.reference
            let secret = try program.spawn()
            defer { _ = try? secret.terminate(grace: .zero) }
            try await eventually { try fixture.ask(.udp, from: "node", "127.0.0.1", 9999) == "secret sees 127.0.0.1" }
            // A pod that has no loopback of its own, so that what it sends there leaves it.
            let pod = try #require(fixture.pods["c"])
            try pod.run("/usr/sbin/ip", "address", "flush", "dev", "lo")
            try pod.run("/usr/sbin/sysctl", "-w", "net.ipv4.conf.all.route_localnet=1")
            let route = try pod.run("/usr/sbin/ip", "-4", "route", "show", "default").split(separator: " ").map(
                String.init)
            let way = Array(route.dropFirst())
            try TestProgram.run(
                "/usr/sbin/ip", ["route", "add", "127.0.0.0/8"] + way.filter { $0 != "\n" }, in: pod.reference)
            for (transport, port) in [(.udp, 9999), (.tcp, 9999), (.tcp, 30080)] as [(TransportProtocol, UInt16)] {
                #expect(try fixture.ask(transport, from: "c", "127.0.0.1", port) == "silence")
            }
            try await eventually { await fixture.agent.status().drops["drop_loopback"]?.packets ?? 0 >= 3 }
        }
    }

    @Test("node ports are served only at the addresses that the agent was told of")
    func nodePortRanges() async throws {
        try await Self.with(nodePorts: [try #require(CIDR("192.168.7.0/24"))]) { fixture in
            try fixture.node.run("/usr/sbin/ip", "address", "add", "192.168.8.1/24", "dev", "d0")
            try fixture.outside.run("/usr/sbin/ip", "address", "add", "192.168.8.9/24", "dev", "d1")
            await fixture.agent.receive(.upserted(Self.service { _ in }))
            await Self.tell(fixture.agent, ["a"])
            for client in ["outside", "c", "node"] {
                try await eventually(client) {
                    try fixture.ask(.tcp, from: client, ServiceNode.hosts[0], 30080).hasPrefix("a sees")
                }
                for address in ["192.168.8.1", ServiceNode.hosts[1]] {
                    #expect(try fixture.ask(.tcp, from: client, address, 30080) == "refused", "\(client) \(address)")
                }
            }
            #expect(try fixture.ask(.tcp, from: "node", "127.0.0.1", 30080) == "refused")
        }
    }
}
