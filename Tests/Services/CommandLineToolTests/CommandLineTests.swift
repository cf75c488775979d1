import ArgumentParser
import CNIPlugin
import CNISpec
import ClusterAPI
import Foundation
import LinuxSystem
import NodeAgent
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("the command line")
struct CommandLineTests {
    private static let mistakes: [[String]] = [
        ["labb"], ["lab", "up", "--nodes", "x"], ["lab", "exec", "a/b"], ["get"], ["get", "pods", "x", "-A"],
        ["get", "pods,ns", "x"], ["get", ","],
        ["get", "pods", "-n", "a", "-A"], ["completion", "tcsh"], ["lab", "verify", "--queries", "-", "-f", "-"],
        ["policy", "verdicts", "--queries", "x"],
        ["get", "pods", "--lab", "a", "--kubeconfig", "b"], ["status", "--lab", "A!"],
        ["lab", "status", "--name", "A!"],
        ["lab", "up", "--nodes", "0"], ["agent", "--log-level", "loud"], ["status", "-o", "yaml"],
        ["apiserver", "--data-dir", "d", "--listen", "nowhere"], ["bench", "--rounds", "0"],
    ]

    @Test("a wrong command line is a usage error", arguments: mistakes)
    func usage(arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { try GabionCommand.parseAsRoot(arguments) }
        #expect(GabionCommand.exitCode(for: try #require(error)) == .validationFailure)
    }

    @Test("there is a completion script for each shell", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        let script = GabionCommand.completionScript(for: try #require(CompletionShell(rawValue: shell)))
        #expect(script.contains("verdicts") && script.contains("supervise") == false)
    }

    @Test("a failure names the cause and the remedy")
    func failure() {
        #expect(CommandFailure("a is b", remedy: "do c").description == "error: a is b\n  remedy: do c")
        #expect(CommandFailure("a is b").description == "error: a is b")
    }
}

@Suite("gabion status")
struct StatusTests {
    private static let drops = [
        "drop_policy": DropCount(packets: 12, bytes: 720), "drop_spoof": DropCount(packets: 3, bytes: 180),
        "drop_closed": DropCount(packets: 0, bytes: 0),
    ]

    @Test("an agent's line says what its kernel dropped, in total and by name, and nothing when it dropped nothing")
    func drops() {
        var status = AgentStatus(node: "one")
        #expect(!AgentReport.detail(status).contains("dropped"))
        status.drops = Self.drops
        #expect(AgentReport.detail(status).contains("15 packets dropped (policy 12, spoof 3)"))
    }

    @Test("an agent that answers is well only when nothing of it is broken, and says what is")
    func troubles() throws {
        let directory = try TemporaryDirectory()
        func line(_ change: (inout AgentStatus) -> Void) throws -> StatusLine {
            var status = AgentStatus(node: "one")
            status.isReady = true
            status.reason = nil
            change(&status)
            try directory.write(
                String(decoding: try JSONEncoder().encode(status), as: UTF8.self), to: "status.json")
            return AgentReport.line(directory.path, connection: LivingAgent())
        }
        #expect(try line { _ in }.condition == .well)
        // Ended pods are closed as they should be.
        #expect(try line { $0.closed = ["shop/job: terminated"] }.condition == .well)
        for (kind, change) in [
            ("closed", { $0.closed = ["shop/web: unknown"] }),
            ("disconnected", { $0.disconnected = ["pods: no answer"] }),
            ("problems", { $0.problems = ["interface gab1: cannot add route"] }),
        ] as [(String, (inout AgentStatus) -> Void)] {
            let line = try line(change)
            #expect(line.condition == .unwell && line.detail.contains(kind), "\(line)")
            let json = try JSONDecoder().decode(JSONValue.self, from: Data(line.json.utf8))
            #expect(json[kind]?.array?.count == 1)
        }
    }

    @Test("an agent that takes connections and says nothing is no living one")
    func stopped() throws {
        let directory = try TemporaryDirectory()
        let socket = try Socket.listen(unix: directory.path + "/agent.sock")
        defer { _ = socket.descriptor }
        var status = AgentStatus(node: "one")
        status.isReady = true
        try directory.write(String(decoding: try JSONEncoder().encode(status), as: UTF8.self), to: "status.json")
        let line = AgentReport.line(directory.path, connection: UnixAgentConnection(timeout: .milliseconds(200)))
        #expect(line.part == "agent one" && line.condition == .silent)
        #expect(line.detail.contains("takes connections, but did not answer STATUS in 0.2 seconds"), "\(line.detail)")
    }

    private static let heartbeats:
        [(heartbeat: Int64?, ready: String?, condition: StatusLine.Condition, words: String)] =
            [
                (5, "True", .well, "10.128.0.0/23"), (nil, "True", .well, "10.128.0.0/23"),
                (5, "False", .unwell, "its agent: why"), (5, "Unknown", .unwell, "its agent: why"),
                (5, nil, .unwell, "no agent has reported"), (600, "True", .unwell, "its agent has been silent since"),
            ]

    @Test("a node is well when its agent lives and is ready", arguments: heartbeats)
    func nodes(heartbeat: Int64?, ready: String?, condition: StatusLine.Condition, words: String) {
        let now = Timestamp(microsecondsSince1970: 1_800_000_000_000_000)
        var node = Node(metadata: ObjectMeta(name: "n1"))
        node.status = NodeStatus(conditions: [NodeCondition(type: "Ready", status: "True")])
        if let ready {
            node.status?.conditions?.append(NodeCondition(type: "GabionReady", status: ready, message: "why"))
        }
        let lease = heartbeat.map { seconds in
            var spec = LeaseSpec(holderIdentity: "n1", leaseDurationSeconds: 40)
            spec.renewTime = Timestamp(microsecondsSince1970: now.microsecondsSince1970 - seconds * 1_000_000).micros
            return Lease(metadata: ObjectMeta(name: "gabion-agent-n1", namespace: "kube-system"), spec: spec)
        }
        let subnet = HostSubnet(host: "n1", hostIPs: ["192.168.7.1"], subnets: ["10.128.0.0/23"])
        let line = StatusLine.node(node, subnet, heartbeat: lease, at: now)
        #expect(line.condition == condition && line.detail.contains(words), "\(line)")
        #expect(StatusLine.node(node, nil, heartbeat: lease, at: now).condition == .unwell)
    }

    @Test("as JSON a line has all counters, and no others have any")
    func json() {
        let line = StatusLine(part: "agent one", condition: .well, detail: "\"x\"", drops: Self.drops)
        #expect(
            line.json == #"""
                {"part": "agent one", "condition": "ok", "detail": "\"x\"", "drops": {\#
                "drop_closed": {"packets": 0, "bytes": 0}, "drop_policy": {"packets": 12, "bytes": 720}, \#
                "drop_spoof": {"packets": 3, "bytes": 180}}}
                """#)
        #expect(!StatusLine(part: "pods", condition: .well, detail: "").json.contains("drops"))
    }
}

@Suite("objects as text")
struct ObjectTextTests {
    @Test("YAML keeps what JSON says, and quotes what YAML would read otherwise")
    func yaml() {
        let object: JSONValue = [
            "kind": "Pod", "list": [["a": 1, "b": [true, .null]], "x"], "empty": [:], "none": [],
            "text": ["plain", "true", "1", "", "a: b", "- x", "new\nline", "10.0.0.1", "a/b-c_d"],
        ]
        #expect(
            ObjectText.yaml(object) == """
                empty: {}
                kind: Pod
                list:
                - a: 1
                  b:
                  - true
                  - null
                - x
                none: []
                text:
                - plain
                - "true"
                - "1"
                - ""
                - "a: b"
                - "- x"
                - "new\\nline"
                - "10.0.0.1"
                - a/b-c_d

                """)
    }
}

/// Answers whatever it is asked.
private struct LivingAgent: AgentConnection {
    func exchange(_ request: PluginRequest, socket: String) -> PluginResponse {
        PluginResponse(exitCode: 0, output: "")
    }
}
