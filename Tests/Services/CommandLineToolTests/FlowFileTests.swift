import FlowLog
import FlowModel
import Foundation
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("Flows in files")
struct FlowFileTests {
    private static func data(_ report: FlowsReport) -> Data { Data(report.text(.json).utf8) }

    @Test("what gabion flows writes as JSON is read back, with what each node said")
    func roundTrip() throws {
        var ended = SeenFlows.flow("shop/web", "203.0.113.9", 443)
        ended.end = ended.last + 1_500_001
        ended.egress = .init(allowed: true, rule: "NetworkPolicy shop/web egress[0]")
        var report = SeenFlows.report(
            [
                SeenFlows.flow("shop/web", "shop/db", 5432), ended,
                SeenFlows.flow("a/b", "c/d", 1, .denied, observer: "n2"),
            ],
            silent: ["n3"])
        report.answers[0].summary?.losses.sampled = 7
        let read = try FlowFile.report(Self.data(report))
        #expect(read.flows == report.flows)
        #expect(read.answers.map(\.name) == ["n1", "n2", "n3"])
        #expect(read.answers.map(\.summary) == report.answers.map(\.summary))
        #expect(read.gaps(in: ["n1", "n4"]) == ["node n4: nobody asked it", "node n3: no answer"])
        #expect(read.losses == ["node n1 did not log everything since its agent's start: sampled 7"])
    }

    @Test("files of several nodes are one answer; a node has answered if one file has its answer")
    func several() throws {
        let folder = try TemporaryDirectory()
        let one = SeenFlows.report([SeenFlows.flow("shop/web", "shop/db", 5432)], silent: ["n2"])
        let two = SeenFlows.report(
            [SeenFlows.flow("shop/web", "shop/db", 5432, observer: "n2")], silent: ["n1"])
        let paths = [
            try folder.write(one.text(.json), to: "one.json"), try folder.write(two.text(.json), to: "two.json"),
        ]
        let report = try FlowFile.read(paths) { Data() }
        #expect(report.gaps(in: ["n1", "n2"]).isEmpty && report.flows.count == 2)
        #expect(try FlowFile.read([paths[0], paths[0]]) { Data() }.flows.count == 1)
    }

    @Test("a node that has more than it told is a gap")
    func incomplete() throws {
        let report = SeenFlows.report([SeenFlows.flow("shop/web", "shop/db", 5432)], complete: false)
        #expect(try FlowFile.report(Self.data(report)).gaps(in: []) == ["node n1: it has more flows than it told"])
    }

    @Test(
        "what is no such file is refused with the reason",
        arguments: [
            ("", "JSON"), ("[]", "there are no lists flows and nodes"), ("{\"flows\": []}", "there are no lists"),
            ("{\"flows\": [{\"start\": \"yesterday\"}], \"nodes\": []}", "'yesterday' is no time"),
            ("{\"flows\": [{}], \"nodes\": []}", "a flow has no "),
        ])
    func refused(text: String, reason: String) throws {
        let error = try #require(throws: CommandFailure.self) { try FlowFile.read(["-"]) { Data(text.utf8) } }
        #expect(error.description.contains(reason) || text.isEmpty, "\(error)")
        #expect(error.remedy.contains("gabion flows -o json"))
    }
}
