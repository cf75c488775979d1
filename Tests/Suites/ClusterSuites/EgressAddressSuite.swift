import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// Who answers for an egress address while nodes fail.
@Suite("An egress address is at one node", .requiresRoot, .serialized, .timeLimit(.minutes(10)))
struct EgressAddressSuite {
    private static let text = "192.168.250.150"

    private static let object: JSONValue = [
        "apiVersion": "k8s.ovn.org/v1", "kind": "EgressIP", "metadata": ["name": "partner"],
        "spec": ["egressIPs": [.string(text)], "namespaceSelector": [:]],
    ]

    @Test("when its node is frozen, cut off or drained another has it in three seconds, and never two answer for it")
    func moves() async throws {
        let rounds = Int(ProcessInfo.processInfo.environment["GABION_EGRESS_ROUNDS"] ?? "") ?? 1
        try await Self.withLab { lab, watch, macs in
            var times: [EgressFault: [Double]] = [:]
            for round in 0..<rounds {
                for fault in [EgressFault.frozen, .cut, .drained] {
                    let holder = try await settled(lab, watch, macs)
                    let start = Date().timeIntervalSince1970
                    try await fault.strike(holder, of: lab)
                    let answer = try await eventualAnswer("another node answers after round \(round): \(fault)") {
                        try watch.answers(after: start).first { macs[$0.mac] != holder }
                    }
                    times[fault, default: []].append(answer.time - start)
                    try await fault.mend(holder, of: lab)
                    try await Task.sleep(for: .milliseconds(1_500))
                    // Whoever has let it go is not heard again.
                    let sequence = try watch.answers(after: start).map { macs[$0.mac] ?? $0.mac }
                    let turns = sequence.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
                    #expect(turns.count == Set(turns).count && turns.count <= 2, "\(fault): \(turns)")
                }
            }
            for (fault, list) in times.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let sorted = list.sorted()
                let (half, last) = (sorted[sorted.count / 2], sorted[sorted.count - 1])
                print("egress address, node \(fault): p50 \(half) s, worst of \(sorted.count) \(last) s")
                #expect(half < 3, "\(fault)")
            }
        }
    }

    @Test("it stays when the agent is killed, and when gabion egress is killed and comes back at once")
    func stays() async throws {
        try await Self.withLab { lab, watch, macs in
            for process in ["agent", "egress"] {
                let holder = try await settled(lab, watch, macs)
                let start = Date().timeIntervalSince1970
                try SuiteLab.process("\(process)-\(holder)", of: lab).send(.kill)
                try await Task.sleep(for: .seconds(4))
                let answers = try watch.answers(after: start)
                #expect(Set(answers.map { macs[$0.mac] }) == [holder], "\(process)")
                try #require((answers.last?.time ?? 0) - start > 3)
            }
        }
    }

    @Test("it is put back when somebody takes it off, takes no new connections, and --cleanup leaves nothing of it")
    func guarded() async throws {
        try await Self.withLab { lab, watch, macs in
            let holder = try await settled(lab, watch, macs)
            let place = try await lab.namespace(of: "node/\(holder)")
            _ = try await SuiteLab.run(["ip", "address", "del", Self.text + "/32", "dev", "eth0"], in: place)
            try await eventually("it is back", within: .seconds(10)) { try await Self.isLocal(in: place) }
            let outside = try await lab.namespace(of: "outside/internet")
            let address = try #require(IPAddress(Self.text))
            #expect(try !TestSupport.Probe.ping(from: outside, to: address))
            let supervisor = try ProcessHandle(pid: try lab.state().supervisor)
            // Nobody starts it again meanwhile.
            try supervisor.send(.stop)
            try SuiteLab.process("egress-\(holder)", of: lab).send(.kill)
            let directory = lab.directory.nodeEgress(holder)
            let cleanup = [try LabBinaries().gabion, "egress", "--cleanup", "--run-dir", directory]
            // Again, when there is nothing left.
            for _ in 0..<2 { _ = try await SuiteLab.run(cleanup, in: place) }
            #expect(try await !Self.isLocal(in: place))
            #expect(try await !SuiteLab.run(["nft", "list", "tables"], in: place).contains("gabion-egress"))
            #expect(!FileManager.default.fileExists(atPath: directory))
            try supervisor.send(.proceed)
        }
    }

    // MARK: The lab

    private static func withLab(_ body: (Lab, ARPWatch, [String: String]) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        try await SuiteLab.with(.standard(nodes: 3), objects: []) { lab in
            let macs = try await EgressFault.choose(of: lab)
            try await lab.apply([object])
            let watch = try ARPWatch(try #require(IPAddress(text)), lab, directory)
            try await body(lab, watch, macs)
            try watch.end()
        }
    }

    /// Who has it when nothing has changed for longer than a node is given nothing after it was silent.
    private func settled(_ lab: Lab, _ watch: ARPWatch, _ macs: [String: String]) async throws -> String {
        try await Task.sleep(for: .seconds(6))
        return try await eventualAnswer("all nodes are well, and one has the address", within: .seconds(40)) {
            let isWell = try await EgressFault.areAllWell(of: lab)
            let answers = try watch.answers(after: Date().timeIntervalSince1970 - 0.5)
            guard isWell, answers.count > 5, Set(answers.map(\.mac)).count == 1 else { return nil }
            return answers.last.flatMap { macs[$0.mac] }
        }
    }

    private static func isLocal(in place: NamespaceReference) async throws -> Bool {
        try await SuiteLab.run(["ip", "-o", "address", "show", "dev", "eth0"], in: place).contains(" \(text)/32 ")
    }
}
