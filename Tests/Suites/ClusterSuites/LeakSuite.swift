import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

@Suite("Nothing is left behind", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct LeakSuite {
    @Test("pods that come and go leave no interface, route, neighbour, set element or address")
    func churn() async throws {
        let resident = SuiteLab.pod("resident", node: "node-1")
        let isolation = SuiteLab.policy(
            "isolation",
            spec: [
                "podSelector": [:], "ingress": [["from": [["podSelector": ["matchLabels": ["churn": "yes"]]]]]],
            ])
        try await SuiteLab.with(objects: [resident, isolation]) { lab in
            let node = try await lab.namespace(of: "node/node-1")
            let before = try await trace(of: node)
            for _ in 0..<3 {
                let guests = (0..<15).map { SuiteLab.pod("guest-\($0)", labels: ["churn": "yes"], node: "node-1") }
                try await lab.apply(guests)
                try await eventually("all guests run", within: .seconds(60)) {
                    try await lab.snapshot().pods.filter { !$0.addressTexts.isEmpty }.count == 16
                }
                #expect(try await trace(of: node) != before)
                try await lab.delete(guests)
                try await eventually("all guests are gone", within: .seconds(60)) {
                    try await lab.snapshot().pods.count == 1
                }
            }
            try await eventually("the node is as it was") { try await trace(of: node) == before }
            let state = lab.directory.nodeState("node-1") + "/attachments.json"
            // Rules and links go before the record of what is to be taken away.
            try await eventually("one record is left") {
                let ledger = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(filePath: state)))
                return ledger["records"]?.array?.count == 1
            }
        }
    }

    @Test("gabion agent --cleanup removes every trace of the agent from its node, and refuses while the agent runs")
    func cleanup() async throws {
        try await SuiteLab.with(objects: [SuiteLab.pod("resident", node: "node-1")]) { lab in
            let node = try await lab.namespace(of: "node/node-1")
            try await reports(lab)
            let cleanup = [
                try LabBinaries().gabion, "agent", "--cleanup", "--state-dir", lab.directory.nodeState("node-1"),
                "--run-dir", lab.directory.nodeRun("node-1"), "--node", "node-1", "--kubeconfig",
                lab.directory.nodeKubeconfig("node-1"),
            ]
            let refusal = await #expect(throws: ToolError.self) { try await SuiteLab.run(cleanup, in: node) }
            #expect("\(String(describing: refusal))".contains("an agent answers"))
            #expect(try await SuiteLab.run(["nft", "list", "tables"], in: node).contains("inet gabion"))
            let supervisor = try ProcessHandle(pid: try lab.state().supervisor)
            // Nobody starts the agent again meanwhile.
            try supervisor.send(.stop)
            try SuiteLab.process("agent-node-1", of: lab).send(.kill)
            _ = try await SuiteLab.run(cleanup, in: node)
            for directory in [lab.directory.nodeState("node-1"), lab.directory.nodeRun("node-1")] {
                #expect(!FileManager.default.fileExists(atPath: directory), "\(directory)")
            }
            let left = try await lab.withClient { try await $0.get(ClusterAPI.Node.self, "node-1") }
            #expect(left.status?.conditions?.map(\.type) == ["Ready"])
            #expect(left.metadata.annotations?["gabion.io/flow-endpoint"] == nil)
            #expect(try await lab.withClient { try await lease(of: "node-1", $0) } == nil)
            #expect(try await SuiteLab.run(["nft", "list", "tables"], in: node).contains("gabion") == false)
            let links = try await SuiteLab.run(["ip", "-o", "link"], in: node)
            // Its wire into the underlay shows the namespace at the other end, whose name begins with gabion-.
            #expect(!links.contains(": gab"), "\(links)")
            for family in ["-4", "-6"] {
                #expect(
                    try await SuiteLab.run(["ip", family, "route", "show", "table", "all", "proto", "71"], in: node)
                        .isEmpty)
                #expect(try await !SuiteLab.run(["ip", family, "rule"], in: node).contains("71"))
            }
            try supervisor.send(.proceed)
        }
    }

    /// What an agent says of itself in the API: that it is ready, and that it lives; and again when it was written over.
    private func reports(_ lab: Lab) async throws {
        let types = ["NetworkUnavailable": "False", "GabionReady": "True"]
        try await lab.withClient { client in
            func conditions() async throws -> [String: String] {
                let list = try await client.get(ClusterAPI.Node.self, "node-1").status?.conditions ?? []
                return Dictionary(list.map { ($0.type, $0.status) }) { first, _ in first }.filter {
                    types[$0.key] != nil
                }
            }
            try await eventually("the agent has reported") { try await conditions() == types }
            let lie: JSONValue = ["type": "NetworkUnavailable", "status": "True", "reason": "NoRouteCreated"]
            try await client.patch(
                ClusterAPI.Node.self, "node-1", with: .strategic(["status": ["conditions": [lie]]]),
                subresource: "status")
            try await eventually("the agent has reported again") { try await conditions() == types }
            let first = try #require(try await lease(of: "node-1", client)?.spec?.renewTime)
            try await eventually("the agent has shown that it lives") {
                try await lease(of: "node-1", client)?.spec?.renewTime != first
            }
        }
    }

    private func lease(of node: String, _ client: KubernetesClient) async throws -> Lease? {
        let key = AgentLease.key(ofNode: node)
        return try await client.list(Lease.self, in: key.namespace).items.first { $0.key == key }
    }

    @Test("a lab whose supervisor is killed leaves no process, and down removes the rest")
    func crash() async throws {
        var seen: LabDirectory?
        try await SuiteLab.with(objects: [SuiteLab.pod("a"), SuiteLab.pod("b")]) { lab in
            seen = lab.directory
            let processes = try lab.state().processes.compactMap(\.pid).map { try ProcessHandle(pid: $0) }
            #expect(processes.count >= 4)
            try ProcessHandle(pid: try lab.state().supervisor).send(.kill)
            try await eventually("every process of the lab has ended") {
                processes.allSatisfy { !$0.isRunning }
            }
        }
        let directory = try #require(seen)
        #expect(!directory.exists)
        #expect(try NetworkNamespace.list(prefix: directory.name.namespacePrefix).isEmpty)
    }

    /// What the kernel of a node holds, in a form that can be compared.
    private func trace(of node: NamespaceReference) async throws -> [String] {
        var lines: [String] = []
        for command in [
            ["ip", "-o", "link"], ["ip", "-4", "route", "show", "table", "all"],
            ["ip", "-6", "route", "show", "table", "all"],
            ["ip", "neighbour", "show", "nud", "permanent"], ["ip", "rule"], ["nft", "-s", "list", "ruleset"],
        ] {
            lines += try await SuiteLab.run(command, in: node).split(separator: "\n").map(String.init)
        }
        return lines.sorted()
    }
}
