import ClusterAPI
import CommandLineTool
import Lab
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

@Suite("the table of lab verify")
struct VerificationReportTests {
    private func answer(_ observation: Verification.Observation) -> Verification {
        let flow = Flow(
            from: .address(IPAddress(v4: 1)), to: .address(IPAddress(v4: 2)), transport: .tcp, port: 80)
        return Verification(ServiceJudge(PolicyEngine(), ServiceObjects()).judgement(of: flow), observation)
    }

    @Test("a difference counts, what was not probed does not, and the question's columns stay")
    func counting() {
        let rows = (1...3).map { CSVTable.Row(line: $0 + 1, fields: ["\($0)", "x"]) }
        let answers = [
            answer(.probed(.reached(.connected))), answer(.probed(.silent)), answer(.unprobed(.noCommonFamily)),
        ]
        let report = VerificationReport(CSVTable(header: ["id", "note"], rows: rows), answers)
        #expect(report.table.header == ["id", "note", "verdict", "rule", "observed"])
        #expect(report.table.rows.map { $0.fields[0] } == ["1", "2", "3"])
        #expect(report.table.rows.map { $0.fields[4] } == ["allow", "deny", "unprobed"])
        #expect((report.differences, report.unprobed) == (1, 1))
        #expect(report.summary.hasPrefix("2 connections tried, 1 differ"))
    }
}
