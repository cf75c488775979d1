import ClusterAPI
import KubernetesClient
import Lab
import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes

/// To a pod by its service against to the pod itself, with more and more services around; the same by rules of kube-proxy's
/// form; and how long a change of endpoints takes to reach packets.
struct ServiceBench {
    let lab: Lab
    let rounds: Int
    let say: @Sendable (String) -> Void

    private static let counts = [1, 1000, 10_000]
    private static let namespace = SyntheticServices.namespace
    private static let ports: [UInt16] = [8080, LoadMeter.throughputPort]
    private static let datagramPort: UInt16 = 9053
    /// Beyond all others.
    private static let measured = SyntheticServices.address(16_000)
    private static let changing = SyntheticServices.address(16_001)

    static let objects = [
        pod("server", ports: [(8080, "TCP"), (Int64(datagramPort), "UDP")]), pod("client", ports: []),
    ]

    private static func pod(_ name: String, ports: [(Int64, String)]) -> JSONValue {
        let ports = ports.map { port, transport -> JSONValue in
            ["containerPort": .int(port), "protocol": .string(transport)]
        }
        return [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "namespace": .string(namespace), "labels": ["app": .string(name)]],
            "spec": ["nodeName": "node-1", "containers": [["name": "c", "ports": .array(ports)]]],
        ]
    }

    func run() async throws -> [BenchMeasure] {
        let place = Place(
            client: try await lab.namespace(of: "\(Self.namespace)/client"),
            server: try await lab.namespace(of: "\(Self.namespace)/server"),
            node: try await lab.namespace(of: "node/node-1"), address: try await serverAddress())
        return try await lab.withClient { client in
            try await createMeasured(client, place.address)
            var measures: [BenchMeasure] = []
            var present = 0
            for count in Self.counts {
                say("services, \(count)")
                try await create(present..<count - 1, client)
                present = count - 1
                try await Task.sleep(for: .seconds(2))
                measures += try await compare(count, place)
            }
            say("services, endpoint changes")
            return measures + (try await endpointChanges(client, place))
        }
    }

    private struct Place {
        let client: NamespaceReference
        let server: NamespaceReference
        let node: NamespaceReference
        let address: IPAddress

        func meter(_ target: IPAddress) -> LoadMeter {
            LoadMeter(client: client, server: server, address: target, port: 8080)
        }
    }

    // MARK: Traffic

    /// In turns: the pod, the service; then, with rules of kube-proxy's form beside ours, the service that they lead to.
    private func compare(_ count: Int, _ place: Place) async throws -> [BenchMeasure] {
        let direct = place.meter(place.address)
        let service = place.meter(Self.measured)
        let (connects, throughputs) = try await LoadMeter.inTurns(direct, service, rounds: rounds)
        let proxied = try await proxied(count, place)
        let byService = connects.map { $0[1] }.median
        return [
            .pairs("connects by service, \(count) services, against the pod's address", connects, "1/s"),
            .pairs("throughput by service, \(count) services, likewise", throughputs, "Gbit/s"),
            .comparison(
                "connects by service, \(count) services, against kube-proxy's rules", byService, "1/s",
                against: proxied, ratio: byService / proxied),
        ]
    }

    /// Connects per second through rules of kube-proxy's form on the same node.
    private func proxied(_ count: Int, _ place: Place) async throws -> Double {
        let driver = NFTablesDriver(in: place.node, deadline: .seconds(120))
        let shape = KubeProxyShape(services: count, ports: [8080], server: place.address)
        try await driver.apply(.plan(from: nil as NFTables.Table?, to: shape.table))
        var samples: [Double] = []
        do {
            for _ in 0..<rounds {
                samples.append(try await place.meter(KubeProxyShape.address).rate("connects").rate)
            }
        } catch {
            try? await driver.deleteTable(.ip, KubeProxyShape.table)
            throw error
        }
        try await driver.deleteTable(.ip, KubeProxyShape.table)
        return samples.median
    }

    // MARK: Endpoints that come and go

    private func endpointChanges(_ client: KubernetesClient, _ place: Place) async throws -> [BenchMeasure] {
        let probe = DatagramProbe(
            namespace: place.client, target: SocketAddress(Self.changing, port: Self.datagramPort))
        let slice = SyntheticServices.slice(
            of: "changing", [place.address],
            [SlicePort(name: "web", protocol: "UDP", port: Int(Self.datagramPort))])
        var times: [Double] = []
        var answers: [Double] = []
        for round in 0..<12 * rounds {
            let opens = round % 2 == 0
            // Until the connections of the round before are gone: a port that is used again would still be led to the endpoint.
            try await Task.sleep(for: .milliseconds(500))
            async let judged = probe.firstJudged(answered: opens)
            try await Task.sleep(for: .milliseconds(60))
            let asked = ContinuousClock.now
            if opens {
                _ = try await client.create(slice)
            } else {
                try await client.delete(EndpointSlice.self, slice.key.name, in: Self.namespace)
            }
            answers.append(asked.duration(to: .now).milliseconds)
            times.append(asked.duration(to: try await judged).milliseconds)
        }
        return [
            .figure("endpoint change to first packet, 10,000 services, p50", times.median, "ms"),
            .figure("endpoint change to first packet, 10,000 services, p99", times.percentile(0.99), "ms", below: 50),
            .figure("of that until the API server answers, p50", answers.median, "ms"),
            .figure("of that until the API server answers, p99", answers.percentile(0.99), "ms"),
        ]
    }

    // MARK: Objects

    private func serverAddress() async throws -> IPAddress {
        let pods = try await lab.snapshot().pods
        let server = pods.first { $0.key == ObjectKey(namespace: Self.namespace, name: "server") }
        guard let text = server?.addressTexts.first, let address = IPAddress(text) else {
            throw CommandFailure("the benchmark's pod \(Self.namespace)/server has no address")
        }
        return address
    }

    private func createMeasured(_ client: KubernetesClient, _ server: IPAddress) async throws {
        let ports = Self.ports.map { ServicePort(name: "p\($0)", port: Int($0)) }
        try await create("measured", Self.measured, ports, client)
        _ = try await client.create(
            SyntheticServices.slice(
                of: "measured", [server], Self.ports.map { SlicePort(name: "p\($0)", port: Int($0)) }))
        try await create(
            "changing", Self.changing, [ServicePort(name: "web", protocol: "UDP", port: Int(Self.datagramPort))], client
        )
    }

    private func create(
        _ name: String, _ address: IPAddress, _ ports: [ServicePort], _ client: KubernetesClient
    ) async throws {
        _ = try await client.create(
            Service(
                metadata: ObjectMeta(name: name, namespace: Self.namespace),
                spec: ServiceSpec(clusterIPs: [address.description], ports: ports)))
    }

    private func create(_ numbers: Range<Int>, _ client: KubernetesClient) async throws {
        let world = SyntheticServices(endpoints: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<16 {
                group.addTask {
                    for number in stride(from: numbers.lowerBound + worker, to: numbers.upperBound, by: 16) {
                        _ = try await client.create(world.service(number))
                        _ = try await client.create(world.slice(number))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
