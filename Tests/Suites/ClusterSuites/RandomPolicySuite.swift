import ClusterAPI
import Lab
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import TestRandom
import TestSupport
import Testing

@Suite("The kernel judges real packets as the engine does", .requiresRoot, .serialized, .timeLimit(.minutes(8)))
struct RandomPolicySuite {
    static let seed: UInt64 = 20_261_123

    @Test(
        "random policies of all tiers: every verdict is observed, IPv4 and IPv6, pods, nodes and the outside",
        arguments: [false, true])
    func random(ipv6: Bool) async throws {
        try await SuiteLab.with(.standard(nodes: 2, ipv6: ipv6), objects: Self.pods) { lab in
            let networks =
                ipv6 ? ["::/0", "fd01::/48", "2001:db8:113::/64"] : ["0.0.0.0/0", "10.128.0.0/14", "203.0.113.0/24"]
            var policies = RandomPolicies(generator: SeededGenerator(seed: Self.seed), networks: networks)
            for round in 0..<(ipv6 ? 5 : 12) {
                // Every other round with tiers around the NetworkPolicies.
                let applied = policies.make(count: 6) + (round.isMultiple(of: 2) ? [] : policies.makeTiers())
                try await lab.apply(applied)
                let snapshot = try await lab.snapshot()
                let prober = Prober(timeout: .milliseconds(600))
                let answers = try await lab.verify(Self.flows(snapshot, ipv6: ipv6), snapshot, prober: prober)
                var wrong = answers.filter(\.differs)
                // On a loaded machine the change is still on its way; what is wrong for good stays wrong.
                for _ in 0..<8 where !wrong.isEmpty {
                    try await Task.sleep(for: .seconds(1))
                    wrong = try await lab.verify(wrong.map(\.judgement.asked), snapshot, prober: prober).filter(
                        \.differs)
                }
                #expect(wrong.isEmpty, "seed \(Self.seed), round \(round): \(wrong.prefix(3)) under \(applied)")
                #expect(answers.allSatisfy { $0.observed != "unprobed" })
                try await lab.delete(applied)
            }
        }
    }

    /// Two pods of each application in three namespaces, over both nodes, one on the host's network.
    static let pods: [JSONValue] =
        RandomPolicies.namespaces.flatMap { namespace in
            RandomPolicies.apps.enumerated().map { index, app in
                SuiteLab.pod(
                    "\(app)-\(namespace)", in: namespace,
                    labels: index == 2 ? ["app": app] : ["app": app, "tier": RandomPolicies.tiers[index]],
                    node: "node-\(index % 2 + 1)", ports: RandomPolicies.ports)
            }
        } + [
            SuiteLab.pod(
                "host", in: "red", labels: ["app": "web"], node: "node-2", ports: [7070], more: ["hostNetwork": true])
        ]

    private static func flows(_ snapshot: ClusterSnapshot, ipv6: Bool) -> [Flow] {
        let family: IPAddress.Family = ipv6 ? .v6 : .v4
        let outside = (ipv6 ? IPAddress("2001:db8:113::10") : IPAddress("203.0.113.10")).map(Party.address)
        let pods = snapshot.pods.compactMap { pod in
            pod.addressTexts.compactMap { IPAddress($0) }.first { $0.family == family }.map(Party.address)
        }
        let nodes = snapshot.nodes.flatMap(\.internalAddressTexts).compactMap { IPAddress($0) }
            .filter { $0.family == family }.map(Party.address)
        let parties = pods + nodes
        var flows: [Flow] = []
        for source in parties {
            for destination in pods {
                flows.append(Flow(from: source, to: destination, transport: .tcp, port: 8080))
                flows.append(Flow(from: source, to: destination, transport: .tcp, port: 9090))
                flows.append(Flow(from: source, to: destination, transport: .udp, port: 8080))
            }
        }
        guard let outside else { return flows }
        return flows + pods.map { Flow(from: $0, to: outside, transport: .tcp, port: 80) }
    }
}
