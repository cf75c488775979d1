import ArgumentParser
import ClusterAPI
import NodeAgent
import Testing

@testable import CommandLineTool

@Suite("the command line")
struct CommandLineTests {
    private static let mistakes: [[String]] = [
        ["labb"], ["lab", "up", "--nodes", "x"], ["lab", "exec", "a/b"], ["get"], ["get", "pods", "x", "-A"],
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
