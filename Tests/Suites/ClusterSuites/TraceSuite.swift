import ClusterAPI
import DatapathCompiler
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NFTables
import NetworkTypes
import PolicyEngine
import TestRandom
import TestSupport
import Testing

@Suite("A trace shows where a packet dies", .requiresRoot, .serialized, .timeLimit(.minutes(8)))
struct TraceSuite {
    private static let pods = [
        SuiteLab.pod("web", node: "node-1"), SuiteLab.pod("mallory", node: "node-1"),
        SuiteLab.pod("mute", node: "node-1"), SuiteLab.pod("db", node: "node-2"),
    ]
    private static let policies = [
        SuiteLab.policy(
            "db",
            spec: [
                "podSelector": ["matchLabels": ["app": "db"]],
                "ingress": [["from": [["podSelector": ["matchLabels": ["app": "web"]]]]]],
            ]),
        SuiteLab.policy("mute", spec: ["podSelector": ["matchLabels": ["app": "mute"]], "policyTypes": ["Egress"]]),
    ]

    private static func flow(_ from: String, _ transport: TransportProtocol = .tcp) -> Flow {
        Flow(
            from: .pod(ObjectKey(namespace: "shop", name: from)), to: .pod(ObjectKey(namespace: "shop", name: "db")),
            transport: transport, port: transport == .icmp ? nil : 8080)
    }

    @Test("allowed, denied on egress, denied on ingress on another node, and forged: by node and rule")
    func ways() async throws {
        try await SuiteLab.with(objects: Self.pods + Self.policies) { lab in
            let snapshot = try await lab.snapshot()
            let engine = snapshot.engine
            for transport in [TransportProtocol.tcp, .udp, .icmp] {
                let arrived = try await lab.trace(Self.flow("web", transport), snapshot)
                #expect(arrived.outcome?.isReached == true && arrived.death == nil)
                #expect(arrived.ways.map(\.node) == ["node-1", "node-2"])
                #expect(arrived.ways.allSatisfy { $0.isComplete })
            }
            for (name, node) in [("mallory", "node-2"), ("mute", "node-1")] {
                let trace = try await lab.trace(Self.flow(name), snapshot)
                let death = try #require(trace.death)
                #expect(death.node == node && trace.outcome == .silent)
                #expect(death.step.rule == Self.denial(Self.flow(name), engine).rule.description)
                #expect(death.step.chain == Self.chain(Self.flow(name), engine))
            }
            let forged = try #require(IPAddress("10.9.9.9"))
            _ = try await SuiteLab.run(
                ["ip", "address", "add", "\(forged)/32", "dev", "eth0"], at: "shop/web", of: lab)
            let spoof = try await lab.trace(Self.flow("web"), snapshot, source: forged)
            #expect(spoof.death?.node == "node-1" && spoof.death?.step.rule == "drop_spoof")
            for node in ["node/node-1", "node/node-2"] {
                #expect(try await !SuiteLab.run(["nft", "list", "tables"], at: node, of: lab).contains("trace"))
            }
        }
    }

    @Test("the rule that denies a random flow is the one that the kernel's counter counted")
    func counters() async throws {
        try await SuiteLab.with(.standard(nodes: 2), objects: RandomPolicySuite.pods) { lab in
            var policies = RandomPolicies(
                generator: SeededGenerator(seed: RandomPolicySuite.seed + 7),
                networks: ["0.0.0.0/0", "10.128.0.0/14", "203.0.113.0/24"])
            var random = SeededGenerator(seed: RandomPolicySuite.seed + 8)
            let nodes = ["node/node-1", "node/node-2"]
            var compared = 0
            for round in 0..<6 {
                let applied = policies.make(count: 6) + (round.isMultiple(of: 2) ? [] : policies.makeTiers())
                try await lab.apply(applied)
                let snapshot = try await lab.snapshot()
                let engine = snapshot.engine
                let pods = snapshot.pods.filter { !$0.isHostNetwork }.map(\.key)
                let flows = (0..<60).map { _ in
                    Flow(
                        from: .pod(random.pick(pods)), to: .pod(random.pick(pods)),
                        transport: random.pick([.tcp, .udp]), port: random.pick([8080, 9090]))
                }
                let denied = flows.filter { !engine.verdict(for: $0).allowed }
                // The nodes have the policies when every verdict is observed.
                let settled = try await lab.verify(denied, snapshot, prober: Prober(timeout: .milliseconds(300)))
                #expect(settled.filter(\.differs).isEmpty)
                for flow in denied.prefix(8) {
                    let verdict = engine.explanation(of: flow).verdict
                    let chain = Self.chain(flow, engine)
                    let before = try await Self.denied(nodes, lab)
                    let trace = try await lab.trace(flow, snapshot)
                    let after = try await Self.denied(nodes, lab)
                    let counted = after.filter { $0.value > before[$0.key] ?? 0 }.keys
                    #expect(Set(counted) == [chain], "round \(round): \(flow): \(verdict.rule)")
                    #expect(trace.death?.step.chain == chain, "round \(round): \(flow): \(verdict.rule)")
                    compared += 1
                }
                try await lab.delete(applied)
            }
            #expect(compared > 20)
        }
    }

    @Test(
        "gabion trace finds the kernel at one with projects that are apart, and with zones", arguments: [false, true])
    func apart(zones: Bool) async throws {
        let pods = [
            SuiteLab.pod("web", in: "red", node: "node-1"), SuiteLab.pod("db", in: "blue", node: "node-2"),
            SuiteLab.pod("near", in: "blue", node: "node-1"),
        ]
        try await SuiteLab.with(objects: pods + (zones ? ["red", "blue"].map(Self.zone) : [])) { lab in
            if !zones {
                _ = try await lab.withClient { client in
                    try await client.patch(
                        ClusterNetwork.self, "default",
                        with: .merge(["pluginName": "redhat/openshift-ovs-multitenant"]))
                }
            }
            var snapshot = try await lab.snapshot()
            for (target, from) in [("blue/db", "red/web"), ("blue/near", "red/web"), ("red/web", "blue/db")] {
                let flow = try Flow(
                    from: .pod(#require(ObjectKey(from))), to: .pod(#require(ObjectKey(target))), transport: .tcp,
                    port: 8080)
                try await eventually("\(from) is apart from \(target)") {
                    snapshot = try await lab.snapshot()
                    return try await lab.trace(flow, snapshot).death != nil
                }
                let before = try await Self.denied(["node/node-1", "node/node-2"], lab)
                let (output, status) = try Self.trace(lab, from, target)
                #expect(status == 0 && output.contains("the kernel does what the explanation says"), "\(output)")
                let after = try await Self.denied(["node/node-1", "node/node-2"], lab)
                let counted = after.filter { $0.value > before[$0.key] ?? 0 }.keys
                #expect(Set(counted) == [Self.chain(flow, snapshot.engine)])
            }
        }
    }

    private static func zone(_ name: String) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "Zone", "metadata": ["name": .string(name)],
            "spec": [
                "order": .int(name == "red" ? 0 : 1),
                "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": .string(name)]],
            ],
        ]
    }

    /// What the program prints, and its exit code.
    private static func trace(_ lab: Lab, _ from: String, _ target: String) throws -> (output: String, status: Int?) {
        let words = ["trace", "--from", from, "--to", target, "--port", "8080/TCP", "--lab", lab.directory.name.text]
        let output = try TestProgram.run(
            "/bin/bash", ["-c", "\"$0\" \"$@\" 2>&1; echo exit $?", try BuiltProgram.path("gabion")] + words,
            timeout: .seconds(30))
        return (output, output.split(separator: " ").last.flatMap { Int($0.dropLast()) })
    }

    /// The first to be met of the rules that deny.
    private static func denial(_ flow: Flow, _ engine: PolicyEngine) -> (rule: RuleID, direction: Direction) {
        let verdict = engine.verdict(for: flow)
        return verdict.egress.allowed ? (verdict.ingress.rule, .ingress) : (verdict.egress.rule, .egress)
    }

    private static func chain(_ flow: Flow, _ engine: PolicyEngine) -> String {
        let (rule, direction) = denial(flow, engine)
        return DenialName(rule, direction).chain.text
    }

    /// The packets that each deny chain has counted, over some nodes.
    private static func denied(_ nodes: [String], _ lab: Lab) async throws -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for node in nodes {
            let text = try await SuiteLab.run(["nft", "-j", "list", "table", "inet", "gabion"], at: node, of: lab)
            let listing = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            for rule in (listing["nftables"]?.array ?? []).compactMap({ $0["rule"] }) {
                guard let chain = rule["chain"]?.string, chain.hasPrefix("deny-") else { continue }
                let packets = (rule["expr"]?.array ?? []).compactMap { $0["counter"]?["packets"]?.int }.reduce(0, +)
                counts[chain, default: 0] += packets
            }
        }
        return counts
    }
}
