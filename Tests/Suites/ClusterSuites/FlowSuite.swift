import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("gabion flows over a whole cluster", .requiresRoot, .serialized, .timeLimit(.minutes(4)))
struct FlowSuite {
    @Test("both nodes tell of a flow between them, and an agent that does not answer is named")
    func twoNodes() async throws {
        let objects = [
            SuiteLab.pod("web", node: "node-1"), SuiteLab.pod("db", node: "node-2"),
            SuiteLab.policy(
                "closed", spec: ["podSelector": ["matchLabels": ["app": "db"]], "policyTypes": ["Ingress"]]),
        ]
        try await SuiteLab.with(objects: objects) { lab in
            let found = try await lab.snapshot().pods.first { $0.key.name == "db" }?.addressTexts.first
            let address = try #require(found.flatMap { IPAddress($0) })
            let outcome = try TestSupport.Probe.connect(
                from: try await lab.namespace(of: "shop/web"), to: SocketAddress(address, port: 8080),
                timeout: .milliseconds(300))
            #expect(outcome == .timedOut)
            var output = ""
            try await eventually("both nodes have the flow", within: .seconds(5)) {
                output = try flows(lab, "--pod", "shop/db", "--port", "8080", "-o", "csv")
                return output.contains(",node-1,denied,") && output.contains(",node-2,denied,")
            }
            #expect(output.contains("shop/web") && output.contains("default deny ingress (NetworkPolicy shop/closed)"))
            #expect(output.hasSuffix("exit 0\n"))
            // Alive, and mute.
            let agent = try SuiteLab.process("agent-node-2", of: lab)
            try agent.send(.stop)
            output = try flows(lab, "--pod", "shop/db", "-o", "table")
            try agent.send(.proceed)
            #expect(output.contains("node-1") && output.contains("node node-2 did not answer"))
            #expect(output.hasSuffix("exit 1\n"))
        }
    }

    /// What `gabion flows` prints, with its exit code.
    private func flows(_ lab: Lab, _ arguments: String...) throws -> String {
        let directories = lab.topology.nodes.flatMap { ["--run-dir", lab.directory.nodeRun($0.name)] }
        let words = ["flows"] + directories + arguments
        let command = "\"$0\" \"$@\" 2>&1; echo exit $?"
        return try TestProgram.run(
            "/bin/bash", ["-c", command, try BuiltProgram.path("gabion")] + words, timeout: .seconds(30))
    }
}
