import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import TestSupport
import Testing

@Suite("Egress addresses, by real packets", .requiresRoot, .serialized, .timeLimit(.minutes(4)))
struct EgressAddressTests {
    private static let first = ["192.168.7.201", "fd07::201"]
    private static let second = ["192.168.7.202", "fd07::202"]

    /// Every way of a pod to the host outside shows one of the sources, by family.
    private static func expect(
        _ network: EgressNetwork, _ pod: String, sees sources: [[String]], location: SourceLocation = #_sourceLocation
    ) async throws {
        for (transport, family) in EgressNetwork.ways {
            try await eventually("\(pod) \(transport) leaves with \(sources.map { $0[family] })", location: location) {
                let answer = try network.probe(pod, transport, family: family)
                return sources.map { "outside sees \($0[family])" }.contains(answer)
            }
        }
    }

    @Test(
        "a pod leaves with its namespace's address from another node and from the holder itself; others as their nodes")
    func oneHolder() async throws {
        try await EgressNetwork.with { network in
            await network.ask("shop", for: Self.first)
            try await network.give(Self.first, to: "two")
            try await Self.expect(network, "a", sees: [Self.first])
            try await Self.expect(network, "b", sees: [Self.first])
            try await Self.expect(network, "c", sees: [EgressNetwork.hosts("three")])
            try await Self.expect(network, "d", sees: [EgressNetwork.hosts("one")])
            try network.forgetSeen()
            for pod in ["a", "b"] {
                for (transport, family) in EgressNetwork.ways {
                    for _ in 0..<5 { _ = try network.probe(pod, transport, family: family) }
                }
            }
            #expect(try network.seen() == ["a": Set(Self.first), "b": Set(Self.first)])
            // Echo requests, too, and answers larger than the overlay's packets.
            let pod = try #require(network.pods["a"])
            for address in EgressNetwork.outsideAddresses {
                #expect(try Probe.ping(from: pod.reference, to: try #require(IPAddress(address))))
                let size = address.contains(":") ? "1300" : "3000"
                try pod.run("/usr/bin/python3", "-c", Self.echo, address, "\(EgressNetwork.port(of: "a"))", size)
            }
            // Inside the cluster nothing changes: pods and nodes are spoken to by the pod itself.
            let other = try #require(network.pods["c"])
            let listener = try Self.listener(in: other.reference)
            try Self.sendDatagram(from: pod.reference, to: EgressNetwork.addresses("c")[0])
            #expect(try Readiness.wait(listener.descriptor, for: .readable, timeout: .seconds(2)))
            #expect(try listener.receiveDatagram()?.from.address == EgressNetwork.addresses("a")[0])
        }
    }

    private static func listener(in place: NamespaceReference) throws -> Socket {
        try withNetworkNamespace(place) {
            let socket = try Socket(.udp, .v4)
            try socket.bind(to: SocketAddress(IPAddress(v4: 0), port: 9))
            return socket
        }
    }

    private static func sendDatagram(from place: NamespaceReference, to address: IPAddress) throws {
        try withNetworkNamespace(place) {
            _ = try Socket(.udp, .v4).send(Array("?".utf8), to: SocketAddress(address, port: 9))
        }
    }

    private static func connect(from place: NamespaceReference, _ target: SocketAddress) throws -> Socket {
        try withNetworkNamespace(place) {
            let socket = try Socket(.tcp, target.address.family)
            try socket.resetOnClose()
            _ = try socket.connect(to: target)
            return socket
        }
    }

    /// So many bytes there and back by TCP, in small and large pieces.
    private static let echo = """
        import socket, sys
        size = int(sys.argv[3])
        stream = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
        stream.settimeout(5)
        stream.recv(4096)
        for _ in range(50):
            stream.sendall(bytes(size)); got = 0
            while got < size:
                block = stream.recv(65536)
                assert block
                got += len(block)
        """

    @Test("several holders share new connections, and one that is the pod's own node is used alone")
    func spread() async throws {
        try await EgressNetwork.with { network in
            await network.ask("shop", for: Self.first + Self.second)
            try await network.give(Self.first, to: "two")
            try await network.give(Self.second, to: "three")
            try await Self.expect(network, "b", sees: [Self.first])
            for (transport, family) in EgressNetwork.ways {
                var answers: Set<String> = []
                try await eventually("\(transport) \(family) by both holders") {
                    answers.insert(try network.probe("a", transport, family: family))
                    return answers.isSuperset(of: [Self.first, Self.second].map { "outside sees \($0[family])" })
                }
            }
            try network.forgetSeen()
            for (transport, family) in EgressNetwork.ways {
                for pod in ["a", "b"] {
                    for _ in 0..<20 { _ = try network.probe(pod, transport, family: family) }
                }
            }
            #expect(try network.seen() == ["a": Set(Self.first + Self.second), "b": Set(Self.first)])
        }
    }

    @Test("without an active address nothing leaves, and status says why; inside the cluster all goes on")
    func nobodyHolds() async throws {
        try await EgressNetwork.with { network in
            await network.ask("shop", for: Self.first)
            let agent = try #require(await network.agents["one"])
            try await eventually("nothing of a leaves") {
                try network.probe("a", .udp, family: 0) == "silence"
            }
            try network.forgetSeen()
            for (transport, family) in EgressNetwork.ways {
                #expect(try network.probe("a", transport, family: family) == "silence")
            }
            #expect(try network.seen()["a"] == nil)
            try await eventually { await agent.status().drops["drop_no_egress_address"]?.packets ?? 0 > 0 }
            let problems = await agent.status().problems
            #expect(problems.contains { $0.hasPrefix("NetNamespace shop: no address is active") })
            // One of IPv4 alone: the other family stays closed.
            try await network.give([Self.first[0]], to: "three")
            try await eventually { try network.probe("a", .tcp, family: 0) == "outside sees \(Self.first[0])" }
            #expect(try network.probe("a", .tcp, family: 1) == "silence")
            // Two hold it: nobody does.
            await network.hold([Self.first[0]], by: "two")
            try await eventually { try network.probe("a", .tcp, family: 0) == "silence" }
            // Somebody who holds nothing drops what it is sent: see the rules of the holder by hand.
            try await network.give(Self.first, to: "two")
            await network.forgetHolder("three")
            try await Self.expect(network, "a", sees: [Self.first])
        }
    }

    @Test("a service that leads outside is left with the egress address, too")
    func outsideEndpoint() async throws {
        try await EgressNetwork.with { network in
            await network.ask("shop", for: Self.first)
            try await network.give(Self.first, to: "two")
            let port = EgressNetwork.port(of: "a")
            var spec = ServiceSpec(clusterIPs: ["172.30.0.10", "fd98::10"], ports: [])
            spec.ports = ["TCP", "UDP"].map {
                ServicePort(name: $0.lowercased(), protocol: $0, port: Int(port))
            }
            let service = Service(metadata: ObjectMeta(name: "partner", namespace: "shop"), spec: spec)
            for agent in await network.agents.values {
                await agent.receive(.upserted(service))
                for (index, type) in ["IPv4", "IPv6"].enumerated() {
                    let slice = EndpointSlice(
                        metadata: ObjectMeta(
                            name: "partner-\(type)", namespace: "shop",
                            labels: [EndpointSlice.serviceLabel: "partner"]),
                        addressType: type,
                        endpoints: [SliceEndpoint(addresses: [EgressNetwork.outsideAddresses[index]])],
                        ports: ["TCP", "UDP"].map {
                            SlicePort(name: $0.lowercased(), protocol: $0, port: Int(port))
                        })
                    await agent.receive(.upserted(slice))
                }
            }
            for (transport, family) in EgressNetwork.ways {
                let door = ["172.30.0.10", "fd98::10"][family]
                for pod in ["a", "b"] {
                    // A port that tells the pods apart is the service's own.
                    try await eventually("\(pod) \(transport) \(family)") {
                        let answer = try ServiceNode.ask(
                            transport, in: network.pods[pod]?.reference ?? .current, door, port)
                        return answer == "outside sees \(Self.first[family])"
                    }
                }
            }
        }
    }

    @Test("the cloud's metadata is that of the pod's own machine, whatever it leaves the cluster with")
    func metadata() async throws {
        let metadata = "169.254.169.254"
        try await EgressNetwork.with { network in
            try network.outside.run("/usr/sbin/ip", "address", "add", metadata, "dev", "br0")
            for node in network.nodes.values {
                try node.run("/usr/sbin/ip", "route", "add", metadata, "dev", "d0")
            }
            let everybody = ClusterPolicySubject(namespaces: LabelSelector())
            let access = MetadataAccess(name: "all", spec: MetadataAccessSpec(subject: everybody))
            for agent in await network.agents.values { await agent.receive(.upserted(access)) }
            await network.ask("shop", for: Self.first)
            try await network.give(Self.first, to: "two")
            try await Self.expect(network, "a", sees: [Self.first])
            // By UDP the host outside answers from another of its addresses.
            let answer = try network.probe("a", .tcp, family: 0, at: metadata)
            #expect(answer == "outside sees \(EgressNetwork.hosts("one")[0])")
            let pod = try #require(network.pods["a"]).reference
            let target = SocketAddress(try #require(IPAddress(metadata)), port: EgressNetwork.port(of: "a"))
            let stream = try Self.connect(from: pod, target)
            func answers() throws -> Bool {
                _ = try stream.send([1])
                guard try Readiness.wait(stream.descriptor, for: .readable, timeout: .seconds(2)) else { return false }
                return try stream.receive()?.isEmpty == false
            }
            #expect(try Readiness.wait(stream.descriptor, for: .writable, timeout: .seconds(2)) && answers())
            // A change of who holds what leaves such connections alone.
            try await network.give([], to: "two")
            try await network.give(Self.first, to: "three")
            try await Self.expect(network, "a", sees: [Self.first])
            #expect(try answers())
        }
    }

    @Test("when an address moves, its flows end and begin again with the new holder; others go on untouched")
    func moves() async throws {
        try await EgressNetwork.with { network in
            await network.ask("shop", for: Self.first)
            await network.ask("bank", for: Self.second)
            try await network.give(Self.first, to: "two")
            try await network.give(Self.second, to: "one")
            try await Self.expect(network, "a", sees: [Self.first])
            try await Self.expect(network, "c", sees: [Self.second])
            let kept = try await Self.stream(of: "c", network)
            let lost = try await Self.stream(of: "a", network)
            let place = try #require(network.pods["a"]).reference
            let flow = try DatagramFlow(from: place, to: EgressNetwork.outsideAddresses[0], EgressNetwork.port(of: "a"))
            try await eventually { try flow.ask() == "outside sees \(Self.first[0])" }
            try await network.give([], to: "two")
            try await network.give(Self.first, to: "three")
            try await eventually("the flow of datagrams has another holder") {
                try flow.ask() == "outside sees \(Self.first[0])"
            }
            try await Self.expect(network, "a", sees: [Self.first])
            let mover = try #require(await network.agents["two"])
            #expect(await mover.status().counters.revokedConnections > 0)
            _ = try kept.send([1])
            #expect(try Readiness.wait(kept.descriptor, for: .readable, timeout: .seconds(2)))
            // The kernel does not know the lost one any more; it is not let out again.
            _ = try lost.send([1])
            #expect(try !Readiness.wait(lost.descriptor, for: .readable, timeout: .milliseconds(500)))
        }
    }

    private static func stream(of pod: String, _ network: EgressNetwork) async throws -> Socket {
        let address = try #require(IPAddress(EgressNetwork.outsideAddresses[0]))
        let socket = try connect(
            from: network.pods[pod]?.reference ?? .current, SocketAddress(address, port: EgressNetwork.port(of: pod)))
        try await eventually("\(pod) is greeted") { try socket.receive()?.isEmpty == false }
        return socket
    }

    @Test("an EgressIP selects by labels, and one that cannot be read closes whoever it may be about")
    func egressIP() async throws {
        try await EgressNetwork.with { network in
            let free = EgressIPSpec(
                egressIPs: Self.second, namespaceSelector: LabelSelector(matchLabels: ["name": "free"]))
            await network.ask("shop", for: Self.first)
            try await network.give(Self.first + Self.second, to: "two")
            await network.select("office", free)
            try await Self.expect(network, "d", sees: [Self.second])
            try await Self.expect(network, "a", sees: [Self.first])
            try await Self.expect(network, "c", sees: [EgressNetwork.hosts("three")])
            await network.select("other", nil)
            try await eventually("whoever is not selected by a NetNamespace or an EgressIP before it is closed") {
                try network.probe("c", .tcp, family: 0) == "silence"
            }
            try await Self.expect(network, "a", sees: [Self.first])
            await network.unselect("other")
            try await Self.expect(network, "c", sees: [EgressNetwork.hosts("three")])
            await network.unselect("office")
            try await Self.expect(network, "d", sees: [EgressNetwork.hosts("one")])
        }
    }
}
