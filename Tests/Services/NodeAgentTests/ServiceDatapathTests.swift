import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import TestSupport
import Testing

@Suite("Services on one node, by real packets", .requiresRoot, .serialized, .timeLimit(.minutes(3)))
struct ServiceDatapathTests {
    private static let cluster = ["172.30.0.10", "fd98::10"]

    private static func service(_ change: (inout ServiceSpec) -> Void = { _ in }) -> Service {
        var ports = [ServicePort(name: "t", port: 80), ServicePort(name: "u", protocol: "UDP", port: 53)]
        ports[0].nodePort = 30080
        ports[1].nodePort = 30053
        var spec = ServiceSpec(clusterIPs: cluster, ports: ports)
        spec.type = "NodePort"
        change(&spec)
        return Service(metadata: ObjectMeta(name: "web", namespace: "shop"), spec: spec)
    }

    private static func tell(_ agent: NodeAgent, endpoints: [String], node: String = "one") async {
        for (index, type) in ["IPv4", "IPv6"].enumerated() {
            let slice = EndpointSlice(
                metadata: ObjectMeta(
                    name: "web-\(type)", namespace: "shop", labels: [EndpointSlice.serviceLabel: "web"]),
                addressType: type,
                endpoints: endpoints.map {
                    SliceEndpoint(addresses: [ServiceNode.addresses($0)[index].description], nodeName: node)
                },
                ports: [SlicePort(name: "t", port: 8080), SlicePort(name: "u", protocol: "UDP", port: 8080)])
            await agent.receive(.upserted(slice))
        }
    }

    /// Every transport at both families' addresses.
    private static let doors: [(TransportProtocol, UInt16, Int)] = [
        (.tcp, 80, 0), (.udp, 53, 0), (.tcp, 80, 1), (.udp, 53, 1),
    ]

    @Test("pods and the node reach each endpoint by the service's address, and are seen as themselves")
    func clusterAddress() async throws {
        try await ServiceNode.with { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            await Self.tell(fixture.agent, endpoints: ["a", "b"])
            for (transport, port, family) in Self.doors {
                for (client, seen) in [
                    ("c", ServiceNode.addresses("c")[family].description), ("node", ServiceNode.hosts[family]),
                ] {
                    var answers: Set<String> = []
                    try await eventually("both endpoints answer \(client) \(transport) \(family)") {
                        answers.insert(try fixture.ask(transport, from: client, Self.cluster[family], port))
                        return answers.isSuperset(of: ["a sees \(seen)", "b sees \(seen)"])
                    }
                }
            }
        }
    }

    @Test("without endpoints, and at ports without a service, connections are refused at once")
    func refusal() async throws {
        try await ServiceNode.with { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            for (client, address) in [("c", Self.cluster), ("node", Self.cluster), ("outside", ServiceNode.hosts)] {
                for (transport, port, family) in Self.doors {
                    let port = client == "outside" ? (port == 80 ? 30080 : 30053) : port
                    try await eventually("\(client) is refused at \(address[family]) \(transport)") {
                        // The kernel tells a process of the node's own as its datagram is sent.
                        let refusals = ["refused"] + (client == "node" ? ["\(ErrorNumber.notPermitted)"] : [])
                        return refusals.contains(try fixture.ask(transport, from: client, address[family], port))
                    }
                }
                #expect(try fixture.ask(.tcp, from: client, address[0], 81) == "refused")
            }
            try await eventually { await fixture.agent.status().drops["drop_unserved"]?.packets ?? 0 > 0 }
            // From refused to served is one change.
            await Self.tell(fixture.agent, endpoints: ["a"])
            try await eventually { try fixture.ask(.tcp, from: "c", Self.cluster[0], 80).hasPrefix("a sees") }
        }
    }

    @Test("a pod that its service leads back to itself is answered, as by its node, whatever policies say")
    func hairpin() async throws {
        try await ServiceNode.with { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            await fixture.agent.receive(.upserted(Cluster.policy(from: nil)))
            await Self.tell(fixture.agent, endpoints: ["a"])
            for (transport, port, family) in Self.doors {
                try await eventually("a hears itself \(transport) \(family)") {
                    try fixture.ask(transport, from: "a", Self.cluster[family], port)
                        == "a sees \(ServiceNode.hosts[family])"
                }
                #expect(try fixture.ask(transport, from: "b", Self.cluster[family], port) == "silence")
            }
        }
    }

    @Test("policies judge the pods behind a service, not its address")
    func policies() async throws {
        try await ServiceNode.with { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            await Self.tell(fixture.agent, endpoints: ["a"])
            var policy = Cluster.policy(from: LabelSelector(matchLabels: ["app": "b"]))
            policy.spec?.ingress?[0].ports = [.init(port: .int(8080))]
            await fixture.agent.receive(.upserted(policy))
            for (port, places) in [(80, Self.cluster), (30080, ServiceNode.hosts)] as [(UInt16, [String])] {
                for address in places {
                    try await eventually { try fixture.ask(.tcp, from: "b", address, port).hasPrefix("a sees") }
                    #expect(try fixture.ask(.tcp, from: "c", address, port) == "silence")
                }
            }
            #expect(try fixture.ask(.tcp, from: "outside", ServiceNode.hosts[0], 30080) == "silence")
        }
    }

    @Test("a node port is open to the outside, to pods and to the node, and keeps the client's address for local pods")
    func nodePorts() async throws {
        try await ServiceNode.with { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            await Self.tell(fixture.agent, endpoints: ["a"])
            for (client, seen) in [
                ("outside", ["192.168.7.9", "fd07::9"]), ("c", ServiceNode.addresses("c").map(\.description)),
                ("node", ServiceNode.hosts),
            ] {
                for (transport, port, family) in Self.doors {
                    let port: UInt16 = port == 80 ? 30080 : 30053
                    try await eventually("\(client) \(transport) \(family)") {
                        try fixture.ask(transport, from: client, ServiceNode.hosts[family], port)
                            == "a sees \(seen[family])"
                    }
                }
            }
            // Local: endpoints elsewhere are not used.
            await fixture.agent.receive(.upserted(Self.service { $0.externalTrafficPolicy = "Local" }))
            await Self.tell(fixture.agent, endpoints: ["a"], node: "two")
            try await eventually { try fixture.ask(.tcp, from: "outside", ServiceNode.hosts[0], 30080) == "refused" }
            #expect(try fixture.ask(.tcp, from: "c", Self.cluster[0], 80).hasPrefix("a sees"))
        }
    }

    @Test("with affinity a client stays with its endpoint while others come and go, and gets another when it goes")
    func affinity() async throws {
        try await ServiceNode.with { fixture in
            await fixture.agent.receive(.upserted(Self.service { $0.sessionAffinity = "ClientIP" }))
            for family in [0, 1] {
                func who(_ port: UInt16, _ address: String) throws -> String {
                    String(try fixture.ask(.tcp, from: "c", address, port).prefix { $0 != " " })
                }
                let doors: [(UInt16, String)] = [(80, Self.cluster[family]), (30080, ServiceNode.hosts[family])]
                for (port, address) in doors {
                    await Self.tell(fixture.agent, endpoints: ["a", "b"])
                    try await eventually { ["a", "b"].contains(try who(port, address)) }
                    let first = try who(port, address)
                    for _ in 0..<10 { #expect(try who(port, address) == first) }
                    await Self.tell(fixture.agent, endpoints: ["a", "b", "c"])
                    try await Task.sleep(for: .milliseconds(100))
                    for _ in 0..<10 { #expect(try who(port, address) == first) }
                    let rest = ["a", "b"].filter { $0 != first }
                    await Self.tell(fixture.agent, endpoints: rest)
                    try await eventually { try who(port, address) == rest[0] }
                    await Self.tell(fixture.agent, endpoints: ["a", "b"])
                    try await Task.sleep(for: .milliseconds(100))
                    for _ in 0..<10 { #expect(try who(port, address) == rest[0]) }
                }
            }
        }
    }

    @Test("datagrams of a client that goes on sending reach another endpoint when theirs is gone")
    func strandedDatagrams() async throws {
        try await ServiceNode.with { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            for (port, address) in [(53, Self.cluster[0]), (53, Self.cluster[1]), (30053, ServiceNode.hosts[0])]
                as [(UInt16, String)]
            {
                await Self.tell(fixture.agent, endpoints: ["a"])
                try await eventually { try fixture.ask(.udp, from: "c", address, port).hasPrefix("a sees") }
                let flow = try DatagramFlow(from: fixture.place("c"), to: address, port)
                try await eventually { try flow.ask().hasPrefix("a sees") }
                await Self.tell(fixture.agent, endpoints: ["b"])
                try await eventually { try flow.ask().hasPrefix("b sees") }
            }
        }
    }
}
