import ArgumentParser
import ClusterAPI
import FlowLog
import FlowModel
import NetworkTypes
import Testing

@testable import CommandLineTool

@Suite("gabion flows")
struct FlowsTests {
    private static let now: Int64 = 1_000_000_000_000_000

    private static func filter(_ arguments: [String]) throws -> FlowFilter {
        try FlowFilterOptions.parse(arguments).filter(now: now)
    }

    @Test("the words of a filter become the filter")
    func filters() throws {
        let filter = try Self.filter([
            "--pod", "shop/web", "--pod", "db", "-n", "shop", "-l", "app=web,!canary,tier!=db,owner", "--zone", "dmz",
            "--ip", "10.0.0.0/8", "--ip", "fd00::1", "--port", "80", "--port", "8000-8100", "--protocol", "tcp",
            "--verdict", "deny", "--staged", "differs", "--rule", "default", "--since", "10m", "--until",
            "2001-09-09T01:46:40Z",
        ])
        #expect(filter.pods == ["shop/web", "db"] && filter.namespaces == ["shop"] && filter.zones == ["dmz"])
        #expect(filter.labels.map { $0.matches(["app": "web", "owner": "me"]) } == [true])
        for labels in [
            ["app": "web"], ["app": "web", "owner": "me", "canary": "1"], ["app": "web", "owner": "x", "tier": "db"],
        ] {
            #expect(filter.labels.map { $0.matches(labels) } == [false], "\(labels)")
        }
        #expect(filter.addresses.map(\.description) == ["10.0.0.0/8", "fd00::1/128"])
        #expect(filter.ports.map(\.first) == [80, 8000] && filter.ports.map(\.last) == [80, 8100])
        #expect(filter.protocols == [.tcp] && filter.verdict == .denied && filter.rule == "default")
        #expect(filter.staged == .differs)
        #expect(try Self.filter(["--staged", "deny"]).staged == .deny)
        #expect(try Self.filter(["--staged", "allow"]).staged == .allow)
        #expect(filter.since == Self.now - 600_000_000 && filter.until == Self.now)
        #expect(try Self.filter([]) == FlowFilter())
    }

    @Test(
        "a label that must have two values is nobody's, however it is said", arguments: [["a=1,a=2"], ["a=1", "a=2"]])
    func contradiction(selectors: [String]) throws {
        let labels = try Self.filter(selectors.flatMap { ["-l", $0] }).labels
        for value in ["1", "2"] { #expect(!labels.allSatisfy { $0.matches(["a": value]) }) }
        #expect(try Self.filter(["-l", "a=1,a=1"]).labels.allSatisfy { $0.matches(["a": "1"]) })
    }

    @Test("a table tells a staged verdict where it is another, or another rule's")
    func stagedInTables() {
        var flow = Self.record
        #expect(FlowText.tableRow(flow).last == "\(flow.rule); staged: would allow (StagedPolicy shop/next)")
        flow.staged = .init(allowed: false, rule: "default deny ingress")
        #expect(FlowText.tableRow(flow).last == "\(flow.rule); staged: would deny (default deny ingress)")
        flow.staged = .init(allowed: false, rule: flow.rule)
        #expect(FlowText.tableRow(flow).last == flow.rule)
        #expect(FlowText.fields(flow)[12] == "would deny (\(flow.rule))")
    }

    @Test(
        "what is no filter is a usage error",
        arguments: [
            ["--ip", "10.0.0"], ["--port", "x"], ["--port", "9-1"], ["--verdict", "maybe"], ["--staged", "maybe"],
            ["--since", "yesterday"],
            ["--protocol", "gre"], ["-l", "app in (a)"], ["-l", ""],
        ])
    func mistakes(arguments: [String]) {
        #expect(throws: (any Error).self) { try Self.filter(arguments) }
    }

    private static var record: FlowRecord {
        let web = FlowEndpoint(
            address: IPAddress(v4: 0x0A00_0001), pod: ObjectKey(namespace: "shop", name: "web"),
            labels: ["b": "2", "a": "1"])
        var record = FlowRecord(
            observer: "one", ipProtocol: 6, source: web,
            destination: FlowEndpoint(address: IPAddress(v4: 9), port: 443),
            verdict: .denied, start: now)
        record.drop = "drop_policy"
        record.egress = .init(allowed: false, rule: "default deny egress, \"really\"")
        record.ingress = .init(allowed: true, rule: "outside")
        record.end = now + 1_500_000
        record.staged = .init(allowed: true, rule: "StagedPolicy shop/next")
        return record
    }

    @Test("each form has names, verdict and rule, and says which node did not answer")
    func forms() throws {
        var losses = FlowLosses()
        losses.sampled = 7
        let report = FlowsReport(answers: [
            .init(name: "one", flows: [Self.record], summary: .init(node: "one", isComplete: false, losses: losses)),
            .init(name: "two", failure: "no answer"),
        ])
        let table = report.text(.table)
        #expect(table.contains("shop/web") && table.contains("0.0.0.9:443") && table.contains("1500ms"))
        #expect(table.contains("staged: would allow (StagedPolicy shop/next)"))
        let csv = try CSVTable(parsing: report.text(.csv), file: "csv")
        let row = Dictionary(zip(csv.header, csv.rows[0].fields)) { first, _ in first }
        #expect(row["rule"] == "default deny egress, \"really\"" && row["source_labels"] == "a=1,b=2")
        #expect(row["start"] == "2001-09-09T01:46:40.000000Z" && row["end"] == "2001-09-09T01:46:41.500000Z")
        let json = report.text(.json)
        #expect(json.contains("\"rule\":\"default deny egress, \\\"really\\\"\""))
        #expect(json.contains("{\"node\": \"two\", \"answered\": false, \"reason\": \"no answer\"}"))
        #expect(
            report.remarks == [
                "node one has more: narrow the question or raise --limit",
                "node one did not log everything since its agent's start: sampled 7",
                "node two did not answer: no answer",
            ])
        #expect(!report.isWhole)
    }
}
