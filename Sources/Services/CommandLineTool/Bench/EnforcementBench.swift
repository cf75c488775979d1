import ClusterAPI
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes

/// The time from asking the API server for a policy change to the first packet that is judged by it.
///
/// A pod sends a datagram from a fresh port every half millisecond; with the change its answers begin, or end.
struct EnforcementBench {
    let lab: Lab
    let rounds: Int

    private static let port: UInt16 = 9053
    static let objects: [JSONValue] = [
        pod("asked", "node-1"), pod("asker", "node-2"), closing,
    ]

    func run() async throws -> [BenchMeasure] {
        let pods = try await lab.snapshot().pods
        guard
            let text = pods.first(where: { $0.key == ObjectKey(namespace: "enforce", name: "asked") })?.addressTexts
                .first,
            let address = IPAddress(text)
        else { throw CommandFailure("the benchmark's pod enforce/asked has no address") }
        let asker = try await lab.namespace(of: "enforce/asker")
        let probe = DatagramProbe(namespace: asker, target: SocketAddress(address, port: Self.port))
        let samples = try await lab.withClient { client in
            var samples: [(first: Double, answer: Double)] = []
            for round in 0..<rounds {
                let opens = round % 2 == 0
                async let judged = probe.firstJudged(answered: opens)
                try await Task.sleep(for: .milliseconds(60))
                let asked = ContinuousClock.now
                if opens {
                    _ = try await client.create(Self.opening)
                } else {
                    try await client.delete(NetworkPolicy.self, "open", in: "enforce")
                }
                let answer = asked.duration(to: .now).milliseconds
                samples.append((asked.duration(to: try await judged).milliseconds, answer))
            }
            return samples
        }
        let times = samples.map(\.first)
        let answers = samples.map(\.answer)
        return [
            .figure("policy change to first packet, p50", times.median, "ms"),
            .figure("policy change to first packet, p99", times.percentile(0.99), "ms", below: 50),
            .figure("of that until the API server answers, on disk, p50", answers.median, "ms"),
            .figure("of that until the API server answers, on disk, p99", answers.percentile(0.99), "ms"),
        ]
    }

    private static let opening = NetworkPolicy(
        metadata: ObjectMeta(name: "open", namespace: "enforce"),
        spec: NetworkPolicySpec(
            podSelector: LabelSelector(matchLabels: ["app": "asked"]),
            ingress: [.init(ports: [NetworkPolicyPort(protocol: "UDP", port: .int(Int(port)))])]))

    private static let closing: JSONValue = [
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": ["name": "closed", "namespace": "enforce"],
        "spec": ["podSelector": ["matchLabels": ["app": "asked"]], "policyTypes": ["Ingress"]],
    ]

    private static func pod(_ name: String, _ node: String) -> JSONValue {
        let ports: JSONValue = [["containerPort": .int(Int64(port)), "protocol": "UDP"]]
        return [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "namespace": "enforce", "labels": ["app": .string(name)]],
            "spec": ["nodeName": .string(node), "containers": [["name": "c", "ports": ports]]],
        ]
    }
}

/// Datagrams from fresh ports, one each half millisecond, until the answers change.
struct DatagramProbe: Sendable {
    let namespace: NamespaceReference
    let target: SocketAddress

    /// When the first datagram left that was answered (or, for false, the first of those that no longer were).
    func firstJudged(answered: Bool, within limit: Duration = .seconds(5)) async throws -> ContinuousClock.Instant {
        let target = target
        return try await withNetworkNamespace(namespace) {
            let end = ContinuousClock.now.advanced(by: limit)
            var flights: [(socket: Socket, sent: ContinuousClock.Instant)] = []
            var lastAnswered: ContinuousClock.Instant?
            while ContinuousClock.now < end {
                let socket = try Socket(.udp, target.address.family)
                let sent = ContinuousClock.now
                _ = try socket.send(Array("?".utf8), to: target)
                flights.append((socket, sent))
                _ = try Readiness.wait(socket.descriptor, for: .readable, timeout: .microseconds(500))
                for (index, flight) in flights.enumerated().reversed() where try flight.socket.receive() != nil {
                    if answered { return flight.sent }
                    lastAnswered = max(lastAnswered ?? flight.sent, flight.sent)
                    flights.remove(at: index)
                }
                // A silence so long means that what is in flight was refused, not late.
                if !answered, let oldest = flights.first, oldest.sent.duration(to: .now) > .milliseconds(100) {
                    return oldest.sent
                }
            }
            throw CommandFailure(
                "the policy change was not seen within \(limit) at \(target)", remedy: "Look at gabion status.")
        }
    }
}
