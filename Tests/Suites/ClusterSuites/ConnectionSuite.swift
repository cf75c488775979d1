import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import TestSupport
import Testing

/// Connections to services and nodes as people name them: what is said of them, and what packets meet.
@Suite("Verdicts on services hold on real packets", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct ConnectionSuite {
    private static let (chosen, given) = ("198.51.100.7", "198.51.100.40")

    private static let objects: [JSONValue] = [
        SuiteLab.pod("near", node: "node-1"), SuiteLab.pod("far", node: "node-2"),
        SuiteLab.pod("db-1", labels: ["tier": "db"], node: "node-1"),
        SuiteLab.pod("db-2", labels: ["tier": "db"], node: "node-2"),
        SuiteLab.policy(
            "db-2",
            spec: [
                "podSelector": ["matchLabels": ["app": "db-2"]],
                "ingress": [["from": [["podSelector": ["matchLabels": ["app": "near"]]]]]],
            ]),
        [
            "apiVersion": "gabion.io/v1", "kind": "ExternalIPPolicy", "metadata": ["name": "office"],
            "spec": ["allowedCIDRs": ["198.51.100.0/27"], "autoAssignCIDRs": ["198.51.100.40/32"]],
        ],
        service("db", ["tier": "db"], ["type": "NodePort", "externalIPs": [.string(chosen)]], nodePort: 30080),
        service("one", ["app": "db-1"], ["type": "LoadBalancer", "loadBalancerSourceRanges": ["203.0.113.0/24"]]),
        service("empty", ["app": "nobody"]), service("shut", ["app": "db-1"], target: 9),
    ]

    private static func service(
        _ name: String, _ selector: JSONValue, _ more: [String: JSONValue] = [:], target: Int64 = 8080,
        nodePort: Int64? = nil
    ) -> JSONValue {
        var port: [String: JSONValue] = ["port": 80, "targetPort": .int(target), "protocol": "TCP"]
        if let nodePort { port["nodePort"] = .int(nodePort) }
        let spec: [String: JSONValue] = ["selector": selector, "ports": [.object(port)]]
        return [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name), "namespace": "shop"],
            "spec": .object(spec.merging(more) { _, new in new }),
        ]
    }

    /// From, to, port, verdict, what is observed, and a part of the rule.
    private static func cases(_ lab: Lab) throws -> [(String, String, UInt16, String, String)] {
        let outside = try #require(lab.topology.outside.first?.addresses.first).description
        let one = try #require(lab.topology.addresses(ofNode: "node-1").first).description
        let two = try #require(lab.topology.addresses(ofNode: "node-2").first).description
        return [
            ("shop/near", "service:shop/db", 80, "allow allow", "Service shop/db → shop/db-1"),
            ("shop/far", "service:shop/db", 80, "deny partly", "1 of 2 ways is denied: Service shop/db → shop/db-2"),
            ("shop/near", two, 30080, "allow allow", "Service shop/db → shop/db-1"),
            (outside, one, 30080, "deny partly", "1 of 2 ways is denied"),
            ("shop/near", chosen, 80, "allow allow", "Service shop/db"),
            ("node:node-1", chosen, 80, "deny partly", "Service shop/db → shop/db-2"),
            // Its own node may reach a pod.
            ("node:node-2", chosen, 80, "allow allow", "Service shop/db"),
            (outside, chosen, 80, "deny partly", "Service shop/db → shop/db-2"),
            (outside, given, 80, "allow allow", "Service shop/one → shop/db-1"),
            ("shop/near", given, 80, "deny deny", "drop_source_range"),
            ("node:node-1", given, 80, "deny deny", "drop_source_range"),
            ("shop/near", "service:shop/one", 80, "allow allow", "Service shop/one"),
            ("shop/near", "service:shop/empty", 80, "deny deny", "Service shop/empty has no endpoint: refused"),
            // Its pod refuses, and not the node.
            ("shop/near", "service:shop/shut", 80, "allow allow", "Service shop/shut"),
            ("shop/near", "172.30.255.250", 80, "deny deny", "drop_unserved: no service has 172.30.255.250:80/TCP"),
            (outside, "service:shop/one", 80, "allow unprobed", "Service shop/one"),
            ("shop/near", "node:node-2", 22, "allow allow", ""),
        ]
    }

    @Test("what is said of services, nodes and addresses from outside is what packets meet, and what is not is found")
    func agree() async throws {
        try await SuiteLab.with(.standard(), objects: Self.objects) { lab in
            try await lead(lab)
            let cases = try Self.cases(lab)
            let questions = try cases.map { from, to, port, _, _ in
                Question(
                    from: try #require(Question.End(from)), to: try #require(Question.End(to)), transport: .tcp,
                    port: port)
            }
            try await eventually("the balancer has its address", within: .seconds(20)) {
                try await lab.snapshot().services.serviceAddresses.map(\.description).contains(Self.given)
            }
            var told: [String] = []
            var strange: [String] = []
            let wanted = cases.map { "\($0.0) \($0.1) \($0.2): \($0.3)" }
            for _ in 0..<6 where told != wanted || !strange.isEmpty {
                let answers = try await verify(questions, lab)
                told = zip(cases, answers).map {
                    "\($0.0) \($0.1) \($0.2): \($1.answer.isAllowed ? "allow" : "deny") \($1.observed)"
                }
                strange = zip(cases, answers).filter { !$0.1.answer.rule.contains($0.0.4) }.map {
                    "\($0.0) \($0.1.answer.rule)"
                }
            }
            #expect(told == wanted)
            #expect(strange.isEmpty)
            try await follow(lab)
            try await forget(lab)
        }
    }

    /// The router sends addresses from outside to node-1.
    private func lead(_ lab: Lab) async throws {
        let router = NamespaceReference.named(lab.directory.name.routerNamespace)
        let gateway = try #require(lab.topology.addresses(ofNode: "node-1").first)
        for address in [Self.chosen, Self.given] {
            _ = try await SuiteLab.run(["ip", "route", "add", address, "via", "\(gateway)"], in: router)
        }
    }

    private func verify(_ questions: [Question], _ lab: Lab) async throws -> [Verification] {
        let snapshot = try await lab.snapshot()
        let entrances = try await lab.entrances(for: questions, snapshot.services)
        let judge = snapshot.judge(entrances: entrances)
        return try await lab.verify(questions.map { try judge.judgement(of: $0) }, snapshot, entrances)
    }

    /// A packet to a service is followed to its endpoint, and what ends it there is what policies say.
    private func follow(_ lab: Lab) async throws {
        var seen: Set<String> = []
        for _ in 0..<12 where seen.count < 2 {
            let (output, status) = try Self.trace(lab, "shop/far", "service:shop/db")
            #expect(status == 0 && output.contains("the kernel does what the explanation says"), "\(output)")
            for name in ["shop/db-1", "shop/db-2"] where output.contains("led to \(name)") { seen.insert(name) }
            #expect(output.contains("led to shop/db-2") == output.contains("dropped on node node-2"), "\(output)")
        }
        #expect(seen == ["shop/db-1", "shop/db-2"])
        for (target, drop) in [(Self.given, "drop_source_range"), ("service:shop/empty", "drop_unserved")] {
            let (output, status) = try Self.trace(lab, "shop/near", target)
            // Lines are no longer than the terminal is wide.
            let words = output.split { $0.isWhitespace }.joined(separator: " ")
            #expect(status == 0 && words.contains("by \(drop)"), "\(output)")
        }
    }

    /// What the program prints, and its exit code.
    private static func trace(_ lab: Lab, _ from: String, _ target: String) throws -> (output: String, status: Int?) {
        let words = ["trace", "--from", from, "--to", target, "--port", "80/TCP", "--lab", lab.directory.name.text]
        let output = try TestProgram.run(
            "/bin/bash", ["-c", "\"$0\" \"$@\" 2>&1; echo exit $?", try BuiltProgram.path("gabion")] + words,
            timeout: .seconds(30))
        return (output, output.split(separator: " ").last.flatMap { Int($0.dropLast()) })
    }

    /// A node that knows no service refuses as a closed port would, and is not taken for one.
    private func forget(_ lab: Lab) async throws {
        // The agent would put back what is taken away before anybody asks.
        let agent = try SuiteLab.process("agent-node-1", of: lab)
        try agent.send(.stop)
        defer { try? agent.send(.proceed) }
        _ = try await SuiteLab.run(["nft", "flush", "map", "inet", "gabion", "services4"], at: "node/node-1", of: lab)
        let question = Question(
            from: .party(.pod(ObjectKey(namespace: "shop", name: "near"))),
            to: .service(ObjectKey(namespace: "shop", name: "one")), transport: .tcp, port: 80)
        let answer = try #require(try await verify([question], lab).first)
        #expect(answer.differs && answer.answer.isAllowed && answer.observed == "deny")
    }
}
