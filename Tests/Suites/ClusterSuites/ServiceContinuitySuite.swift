import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("A service under load loses no request", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct ServiceContinuitySuite {
    private static let service: JSONValue = [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web", "namespace": "shop"],
        "spec": [
            "clusterIP": "172.30.0.77", "selector": ["role": "web"],
            "ports": [["port": 80, "targetPort": 8080, "protocol": "TCP"]],
        ],
    ]

    private static func web(_ number: Int, isServing: Bool) -> JSONValue {
        SuiteLab.pod(
            "web-\(number)", labels: isServing ? ["role": "web"] : [:], node: number % 2 == 0 ? "node-1" : "node-2")
    }

    @Test("while agents are killed and start again, and while all endpoints are replaced by others")
    func load() async throws {
        let pods = (0..<4).map { Self.web($0, isServing: $0 < 2) } + [SuiteLab.pod("client", node: "node-1")]
        try await SuiteLab.with(objects: pods + [Self.service]) { lab in
            let client = try await lab.namespace(of: "shop/client")
            let address = try #require(IPAddress("172.30.0.77"))
            try await eventually("the service answers", within: .seconds(20)) {
                try ServiceSuite.peer(of: client, at: address, 80) != nil
            }
            let counts = try await withThrowingTaskGroup(of: Counts.self) { group in
                for _ in 0..<2 { group.addTask { try await Self.ask(address, from: client) } }
                for node in ["node-1", "node-2"] { try await killAgent(of: node, lab) }
                for round in 0..<6 { try await replaceAll(by: round % 2 == 0 ? [2, 3] : [0, 1], lab) }
                group.cancelAll()
                return try await group.reduce(into: Counts()) { $0.add($1) }
            }
            #expect(counts.all > 100 && counts.failed == 0, "\(counts.failed) of \(counts.all) requests failed")
        }
    }

    /// One request after the other until the task is cancelled.
    private static func ask(_ address: IPAddress, from client: NamespaceReference) async throws -> Counts {
        var counts = Counts()
        while !Task.isCancelled {
            counts.all += 1
            if try ServiceSuite.peer(of: client, at: address, 80) == nil { counts.failed += 1 }
            await Task.yield()
        }
        return counts
    }

    /// Others serve first, then those that did no longer do.
    private func replaceAll(by serving: [Int], _ lab: Lab) async throws {
        let others = (0..<4).filter { !serving.contains($0) }
        for (pods, isServing) in [(serving, true), (others, false)] {
            try await lab.apply(pods.map { Self.web($0, isServing: isServing) })
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    private func killAgent(of node: String, _ lab: Lab) async throws {
        let agent = try SuiteLab.process("agent-\(node)", of: lab)
        try agent.send(.kill)
        try await eventually("the agent of \(node) is a new process", within: .seconds(20)) {
            () async throws -> Bool in
            let now = try? SuiteLab.process("agent-\(node)", of: lab)
            return now.map { $0.pid != agent.pid } ?? false
        }
        try await Task.sleep(for: .seconds(2))
    }

    private struct Counts {
        var all = 0
        var failed = 0

        mutating func add(_ other: Counts) {
            all += other.all
            failed += other.failed
        }
    }
}
