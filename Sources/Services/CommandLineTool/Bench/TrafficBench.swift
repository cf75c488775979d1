import ClusterAPI
import Lab
import NetworkTypes

/// Throughput, round trips and connects between two pods, with more and more policies, against a bridge without any.
struct TrafficBench {
    let lab: Lab
    let bridge: BridgeNetwork
    let rounds: Int
    let say: @Sendable (String) -> Void

    /// Each policy brings this many addresses.
    private static let addressesPerPolicy = 5
    static let namespace = "bench"

    /// Server and one client on node-1, another client on node-2.
    static let objects: [JSONValue] = [
        pod("server", node: "node-1"), pod("near", node: "node-1"), pod("far", node: "node-2"),
    ]

    private static func pod(_ name: String, node: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "namespace": .string(namespace), "labels": ["app": .string(name)]],
            "spec": [
                "nodeName": .string(node),
                "containers": [["name": "c", "ports": [["containerPort": 8080]]]],
            ],
        ]
    }

    func run() async throws -> [BenchMeasure] {
        var measures: [BenchMeasure] = []
        var applied = 0
        for count in [0, 100, 1000] {
            try await lab.apply((applied..<count).map(Self.policy) + (applied == 0 && count > 0 ? [Self.opening] : []))
            applied = count
            if count > 0 { try await Task.sleep(for: .seconds(2)) }
            for acrossNodes in [false, true] {
                measures += try await compare(policies: count, acrossNodes: acrossNodes)
            }
        }
        return measures
    }

    private func compare(policies: Int, acrossNodes: Bool) async throws -> [BenchMeasure] {
        let place = acrossNodes ? "across nodes" : "same node"
        say("traffic, \(place), \(policies) policies")
        let server = try await lab.namespace(of: "\(Self.namespace)/server")
        let client = try await lab.namespace(of: "\(Self.namespace)/\(acrossNodes ? "far" : "near")")
        let ours = LoadMeter(client: client, server: server, address: try await serverAddress(), port: 8080)
        let theirs = bridge.meter(acrossNodes: acrossNodes)
        var samples: [String: [(Double, Double)]] = [:]
        for round in 0..<rounds {
            // Alternate who goes first: these machines speed up and slow down while one looks.
            for (kind, _) in Self.kinds {
                let first = round % 2 == 0
                let before = first ? try await sample(kind, ours) : try await sample(kind, theirs)
                let after = first ? try await sample(kind, theirs) : try await sample(kind, ours)
                samples[kind, default: []].append(first ? (before, after) : (after, before))
            }
        }
        return Self.kinds.map { kind, unit in
            let pairs = samples[kind] ?? []
            let isPromised = kind != "round trips" && !acrossNodes
            return .comparison(
                "\(kind), \(place), \(policies) policies", pairs.map(\.0).median, unit, against: pairs.map(\.1).median,
                ratio: pairs.map { $0.0 / $0.1 }.median, floor: isPromised ? 0.9 : nil)
        }
    }

    private static let kinds = [("throughput", "Gbit/s"), ("connects", "1/s"), ("round trips", "1/s")]

    private func sample(_ kind: String, _ meter: LoadMeter) async throws -> Double {
        switch kind {
        case "throughput": try await meter.throughput()
        case "connects": try await meter.rate("connects").rate
        default: try await meter.rate("roundtrips", milliseconds: 400).rate
        }
    }

    private func serverAddress() async throws -> IPAddress {
        let pods = try await lab.snapshot().pods
        let server = pods.first { $0.key == ObjectKey(namespace: Self.namespace, name: "server") }
        guard let text = server?.addressTexts.first, let address = IPAddress(text) else {
            throw CommandFailure("the benchmark's server has no address")
        }
        return address
    }

    /// Selects the server and admits five addresses of its own on a port of its own.
    private static func policy(_ number: Int) -> JSONValue {
        let blocks = (0..<addressesPerPolicy).map { index -> JSONValue in
            let host = number * addressesPerPolicy + index
            return ["ipBlock": ["cidr": .string("198.18.\(host / 250).\(host % 250 + 1)/32")]]
        }
        return networkPolicy("bench-\(number)", from: blocks, port: Int64(8000 + number % 500))
    }

    /// Admits the benchmark's clients.
    private static let opening = networkPolicy(
        "bench-opening",
        from: [["podSelector": ["matchLabels": ["app": "near"]]], ["podSelector": ["matchLabels": ["app": "far"]]]],
        port: nil)

    private static func networkPolicy(_ name: String, from peers: [JSONValue], port: Int64?) -> JSONValue {
        var rule: JSONValue = ["from": .array(peers)]
        if let port { rule["ports"] = [["port": .int(port)]] }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": ["podSelector": ["matchLabels": ["app": "server"]], "ingress": [rule]],
        ]
    }
}
