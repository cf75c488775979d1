import ClusterAPI
import Lab
import NetworkTypes

/// Throughput, round trips and connects between two pods, with more and more policies, against a bridge without any.
///
/// One server for each number of policies, so that all are measured in turns: whether more policies cost more is a ratio of
/// neighbouring samples too.
struct TrafficBench {
    let lab: Lab
    let bridge: BridgeNetwork
    let rounds: Int
    let say: @Sendable (String) -> Void

    /// Each policy brings this many addresses.
    private static let addressesPerPolicy = 5
    private static let policyCounts = [0, 100, 1000]
    private static let kinds = [("throughput", "Gbit/s"), ("connects", "1/s"), ("round trips", "1/s")]
    static let namespace = "bench"

    /// Servers and one client on node-1, another client on node-2.
    static let objects: [JSONValue] =
        policyCounts.map { pod(server($0), node: "node-1") }
        + [pod("near", node: "node-1"), pod("far", node: "node-2")]

    private static func server(_ policies: Int) -> String { "server-\(policies)" }

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
        for count in Self.policyCounts where count > 0 {
            try await lab.apply(Self.opening(count) + (0..<count).map { Self.policy($0, of: count) })
        }
        try await Task.sleep(for: .seconds(2))
        var measures: [BenchMeasure] = []
        for acrossNodes in [false, true] { measures += try await compare(acrossNodes: acrossNodes) }
        return measures
    }

    /// Every round takes one sample of each path, and the next round the other way about.
    ///
    /// The bridge comes first, then the servers with ever more policies. These machines speed up and slow down while one
    /// looks.
    private func compare(acrossNodes: Bool) async throws -> [BenchMeasure] {
        let place = acrossNodes ? "across nodes" : "same node"
        let client = try await lab.namespace(of: "\(Self.namespace)/\(acrossNodes ? "far" : "near")")
        var meters = [bridge.meter(acrossNodes: acrossNodes)]
        for count in Self.policyCounts {
            let server = try await lab.namespace(of: "\(Self.namespace)/\(Self.server(count))")
            meters.append(LoadMeter(client: client, server: server, address: try await address(count), port: 8080))
        }
        var samples: [String: [[Double]]] = [:]
        for round in 0..<rounds {
            say("traffic, \(place), round \(round + 1) of \(rounds)")
            for (kind, _) in Self.kinds {
                var row = Array(repeating: 0.0, count: meters.count)
                for index in round % 2 == 0 ? Array(meters.indices) : meters.indices.reversed() {
                    row[index] = try await sample(kind, meters[index])
                }
                samples[kind, default: []].append(row)
            }
        }
        return Self.kinds.flatMap { kind, unit in
            Self.measures(
                "\(kind), \(place)", unit, samples[kind] ?? [], isPromised: !acrossNodes && kind != "round trips")
        }
    }

    /// Each number of policies against the bridge, and the most against the fewest: the slope.
    private static func measures(_ name: String, _ unit: String, _ rows: [[Double]], isPromised: Bool) -> [BenchMeasure]
    {
        func comparison(_ name: String, _ index: Int, against other: Int, floor: Double?) -> BenchMeasure {
            .comparison(
                name, rows.map { $0[index] }.median, unit, against: rows.map { $0[other] }.median,
                ratio: rows.map { $0[index] / $0[other] }.median, floor: floor)
        }
        let paths = policyCounts.enumerated().map { index, count in
            comparison("\(name), \(count) policies", index + 1, against: 0, floor: isPromised ? 0.9 : nil)
        }
        // Two neighbouring samples of one path differ by some 5 %: no slope can be told from less.
        return paths + [comparison("\(name), 1000 policies against 100", 3, against: 2, floor: isPromised ? 0.95 : nil)]
    }

    private func sample(_ kind: String, _ meter: LoadMeter) async throws -> Double {
        switch kind {
        case "throughput": try await meter.throughput()
        case "connects": try await meter.rate("connects").rate
        default: try await meter.rate("roundtrips", milliseconds: 400).rate
        }
    }

    private func address(_ policies: Int) async throws -> IPAddress {
        let pods = try await lab.snapshot().pods
        let server = pods.first { $0.key == ObjectKey(namespace: Self.namespace, name: Self.server(policies)) }
        guard let text = server?.addressTexts.first, let address = IPAddress(text) else {
            throw CommandFailure("the benchmark's \(Self.server(policies)) has no address")
        }
        return address
    }

    /// Selects one server and admits five addresses of its own, on the ports that are measured and on one more.
    ///
    /// So a connection has to be looked for among the addresses of all policies.
    private static func policy(_ number: Int, of count: Int) -> JSONValue {
        let blocks = (0..<addressesPerPolicy).map { index -> JSONValue in
            let host = number * addressesPerPolicy + index
            return ["ipBlock": ["cidr": .string("198.18.\(host / 250).\(host % 250 + 1)/32")]]
        }
        return networkPolicy("bench-\(count)-\(number)", for: count, from: blocks, extra: [9000 + Int64(number % 500)])
    }

    /// Admits the benchmark's clients.
    private static func opening(_ count: Int) -> [JSONValue] {
        let clients = ["near", "far"].map { name -> JSONValue in
            ["podSelector": ["matchLabels": ["app": .string(name)]]]
        }
        return [networkPolicy("bench-\(count)-opening", for: count, from: clients, extra: [])]
    }

    private static func networkPolicy(_ name: String, for count: Int, from peers: [JSONValue], extra: [Int64])
        -> JSONValue
    {
        let ports = ([8080, Int64(LoadMeter.throughputPort)] + extra).map { port -> JSONValue in ["port": .int(port)] }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": [
                "podSelector": ["matchLabels": ["app": .string(server(count))]],
                "ingress": [["from": .array(peers), "ports": .array(ports)]],
            ],
        ]
    }
}
