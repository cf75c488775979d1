import ClusterAPI
import FoundationEssentials
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import TestSupport
import Testing

/// A service at an address that moves between nodes.
@Suite("A service at an address that moves", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct FailoverServiceSuite {
    private static let nodes = ["node-1", "node-2", "node-3"]
    private static let text = "192.168.250.120"
    private static let bystander = "192.168.250.121"

    private static let policy: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "ExternalIPPolicy", "metadata": ["name": "edge"],
        "spec": ["allowedCIDRs": [.string(text + "/32")]],
    ]

    private static func group(_ addresses: [String], _ more: [String: JSONValue] = [:]) -> JSONValue {
        let spec: [String: JSONValue] = [
            "addresses": .array(addresses.map(JSONValue.string)), "preemptDelaySeconds": 1,
        ]
        return [
            "apiVersion": "gabion.io/v1", "kind": "FailoverGroup", "metadata": ["name": "edge"],
            "spec": .object(spec.merging(more) { _, new in new }),
        ]
    }

    private static func service(_ traffic: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web", "namespace": "shop"],
            "spec": [
                "type": "NodePort", "selector": ["role": "web"], "externalIPs": [.string(text)],
                "externalTrafficPolicy": .string(traffic),
                "ports": [["port": 80, "targetPort": 8080, "protocol": "TCP"]],
            ],
        ]
    }

    private static func web(on node: String) -> JSONValue {
        SuiteLab.pod("web-" + node, labels: ["role": "web"], node: node)
    }

    @Test("clients reach it while agent and failover of the node are killed, and again soon after the node is cut off")
    func killed() async throws {
        try await SuiteLab.with(.standard(nodes: 3), objects: [Self.policy, Self.group([Self.text])]) { lab in
            let holder = try await Self.settledHolder(lab)
            let others = Self.nodes.filter { $0 != holder }
            try await lab.apply(others.map(Self.web) + [Self.service("Cluster")])
            let client = try await Client(lab, Self.text)
            try await eventually("the service answers", within: .seconds(30)) { try client.isAnswered() }
            try await agrees(lab)
            for process in ["agent-\(holder)", "failover-\(holder)"] {
                try SuiteLab.process(process, of: lab).send(.kill)
                try await client.stays(for: .seconds(3), "\(process) is killed")
            }
            #expect(try await Self.local(lab) == [holder])
            try await eventually("the new process says so, too") { try await Self.holder(lab) == holder }
            try await cut(holder, lab)
            let start = ContinuousClock.now
            try await eventually("it answers again", within: .seconds(20)) { try client.isAnswered() }
            print("a service at \(Self.text): no answer for \(ContinuousClock.now - start) after its node was cut off")
            try await client.stays(for: .seconds(3), "another node has the address")
            let next = try await eventualAnswer("another has the address") {
                try await Self.holder(lab).flatMap { $0 == holder ? nil : $0 }
            }
            #expect(others.contains(next))
            try await agrees(lab)
        }
    }

    @Test("the address is where the service has an endpoint, so that Local finds one, and nowhere without")
    func healthy() async throws {
        let check: [String: JSONValue] = ["healthCheck": ["service": ["namespace": "shop", "name": "web"]]]
        try await SuiteLab.with(
            .standard(nodes: 3), objects: [Self.policy, Self.service("Local"), Self.web(on: "node-2")]
        ) { lab in
            try await lab.apply([Self.group([Self.text], check)])
            let client = try await Client(lab, Self.text)
            for (before, node) in [(nil, "node-2"), ("node-2", "node-3")] as [(String?, String)] {
                if let before { try await lab.delete([Self.web(on: before)]) }
                if before != nil {
                    try await eventually("nobody has it", within: .seconds(30)) { try await Self.local(lab).isEmpty }
                    #expect(try !client.isAnswered())
                    try await lab.apply([Self.web(on: node)])
                }
                try await eventually("\(node) has it alone", within: .seconds(30)) {
                    let (local, holder) = (try await Self.local(lab), try await Self.holder(lab))
                    return local == [node] && holder == node
                }
                try await eventually("the endpoint sees the client", within: .seconds(20)) {
                    try client.isAnswered(seenAs: client.own)
                }
                try await agrees(lab)
            }
        }
    }

    @Test("gabion failover --cleanup leaves no process, address, rule or file, and the address goes to another node")
    func cleanup() async throws {
        let addresses = [Self.text, Self.bystander]
        try await SuiteLab.with(.standard(nodes: 2), objects: [Self.group(addresses)]) { lab in
            try await eventually("each node has one", within: .seconds(40)) {
                try await Set(Self.local(lab, addresses)) == ["node-1", "node-2"]
            }
            let node = try await lab.namespace(of: "node/node-1")
            let directory = lab.directory.nodeFailover("node-1")
            let pids = try ["keepalived.pid", "vrrp.pid"].map { file in
                let text = try String(contentsOfFile: directory + "/" + file, encoding: .utf8)
                return try #require(Int32(text.filter { !$0.isWhitespace }))
            }
            let processes = try pids.map { try ProcessHandle(pid: $0) }
            let supervisor = try ProcessHandle(pid: try lab.state().supervisor)
            // Nobody starts it again meanwhile.
            try supervisor.send(.stop)
            try SuiteLab.process("failover-node-1", of: lab).send(.kill)
            #expect(processes.allSatisfy { $0.isRunning })
            let cleanup = [try LabBinaries().gabion, "failover", "--cleanup", "--run-dir", directory]
            // Again, when there is nothing left.
            for _ in 0..<2 { _ = try await SuiteLab.run(cleanup, in: node) }
            #expect(!FileManager.default.fileExists(atPath: directory))
            #expect(processes.allSatisfy { !$0.isRunning })
            #expect(try await !SuiteLab.run(["nft", "list", "tables"], in: node).contains("gabion-failover"))
            #expect(try await SuiteLab.run(["nft", "list", "tables"], in: node).contains("inet gabion\n"))
            let own = try #require(lab.topology.addresses(ofNode: "node-1").first)
            let kept = try await SuiteLab.run(["ip", "-o", "-4", "address", "show", "dev", "eth0"], in: node)
            #expect(kept.contains(" \(own)/"), "\(kept)")
            for address in addresses { #expect(!kept.contains(" \(address)/"), "\(kept)") }
            try await eventually("node-2 has both", within: .seconds(20)) {
                try await Self.local(lab, addresses) == ["node-2", "node-2"]
            }
            try supervisor.send(.proceed)
        }
    }

    // MARK: Who asks

    private struct Client {
        let place: NamespaceReference
        let target: IPAddress
        let own: IPAddress

        init(_ lab: Lab, _ text: String) async throws {
            place = try await lab.namespace(of: "outside/internet")
            target = try #require(IPAddress(text))
            own = try #require(lab.topology.outside.first?.addresses.first)
        }

        func isAnswered(seenAs peer: IPAddress? = nil) throws -> Bool {
            let seen = try ServiceSuite.peer(of: place, at: target, 80)
            return peer.map { $0 == seen } ?? (seen != nil)
        }

        func stays(for time: Duration, _ what: String) async throws {
            let end = ContinuousClock.now + time
            var count = 0
            while ContinuousClock.now < end {
                count += 1
                try #require(try isAnswered(), "request \(count) had no answer: \(what)")
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(count > 10)
        }
    }

    /// What verdicts say of the address is what packets meet.
    private func agrees(_ lab: Lab) async throws {
        let address = try #require(IPAddress(Self.text))
        let client = try #require(lab.topology.outside.first?.addresses.first)
        let flow = Flow(from: .address(client), to: .address(address), transport: .tcp, port: 80)
        let answer = try #require(try await lab.verify([flow], try await lab.snapshot()).first)
        #expect(answer.answer.isAllowed && answer.observed == "allow", "\(answer.answer.rule): \(answer.observed)")
        #expect(answer.answer.rule.hasPrefix("Service shop/web"))
    }

    // MARK: Where it is

    /// The node's wire into the underlay breaks.
    private func cut(_ node: String, _ lab: Lab) async throws {
        let port = "node\(try #require(Self.nodes.firstIndex(of: node)))"
        _ = try await SuiteLab.run(
            ["ip", "link", "set", port, "down"], in: .named(lab.directory.name.underlayNamespace))
    }

    /// Who has it as the API says.
    private static func holder(_ lab: Lab) async throws -> String? {
        let group = try await lab.withClient { client in try await client.get(FailoverGroup.self, "edge") }
        return group.status?.addresses?.first { $0.address == text }?.node
    }

    /// Who has it when all nodes have had the time to hear of each other: until then the first to come up may.
    private static func settledHolder(_ lab: Lab) async throws -> String {
        try await eventualAnswer("one node has the address, and goes on having it") {
            let holder = try await holder(lab)
            for _ in 0..<6 {
                guard let holder, try await Self.holder(lab) == holder, try await local(lab) == [holder] else {
                    return nil
                }
                try await Task.sleep(for: .milliseconds(500))
            }
            return holder
        }
    }

    /// The nodes that have one of the addresses on their interfaces, once for each.
    private static func local(_ lab: Lab, _ addresses: [String] = [text]) async throws -> [String] {
        var found: [String] = []
        for node in lab.topology.nodes.map(\.name) {
            let output = try await SuiteLab.run(
                ["ip", "-o", "address", "show", "dev", "eth0"], at: "node/\(node)", of: lab)
            found += addresses.filter { output.contains(" \($0)/32 ") }.map { _ in node }
        }
        return found
    }
}
