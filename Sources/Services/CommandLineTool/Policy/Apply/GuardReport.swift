import NetworkTypes
import PolicyEvidence

/// What the guard found, for people and programs.
struct GuardReport: Sendable {
    let judgement: ChangeJudgement
    /// Nodes of which flows may be missing.
    let gaps: [String]
    let losses: [String]

    var hasCuts: Bool { !judgement.cuts.isEmpty }

    /// For people; empty without cuts.
    var text: String { hasCuts ? summary + "\n" + table : "" }

    private var summary: String {
        let flows = EvidenceWords.flows(judgement.cutFlows)
        let since = judgement.span.map { ", seen since \(EvidenceWords.time($0.lowerBound))," } ?? ""
        return "\(flows)\(since) of \(judgement.judged) would be cut:"
    }

    private var table: String {
        let rows = judgement.sortedCuts.map { cut, seen in
            [
                "\(cut.source)", "\(cut.destination)", cut.portText, "\(seen.flows)", EvidenceWords.time(seen.last),
                "\(seen.source) to \(seen.destination)", cut.rule,
            ]
        }
        return TextTable(
            header: ["FROM", "TO", "PORT", "FLOWS", "LAST SEEN", "SUCH AS", "DENIED BY"], rows: rows
        ).text
    }

    /// Each cut as a JSON object.
    var cuts: [String] {
        judgement.sortedCuts.map { cut, seen in
            JSONText.object([
                ("from", JSONText.string("\(cut.source)")), ("to", JSONText.string("\(cut.destination)")),
                ("protocol", JSONText.string(cut.transport.rawValue)), ("port", cut.port.map { "\($0)" } ?? "null"),
                ("flows", "\(seen.flows)"), ("last", JSONText.string(EvidenceWords.time(seen.last))),
                ("source", JSONText.string(seen.source)), ("destination", JSONText.string(seen.destination)),
                ("rule", JSONText.string(cut.rule)),
            ])
        }
    }

    /// What the verdict rests on, and what is missing.
    var remarks: [String] {
        var remarks = ["guard: \(EvidenceWords.flows(judgement.judged)) judged"]
        if let span = judgement.span {
            remarks[0] += ", seen from \(EvidenceWords.time(span.lowerBound)) to \(EvidenceWords.time(span.upperBound))"
        }
        if judgement.deniedBefore > 0 {
            remarks.append("guard: \(EvidenceWords.flows(judgement.deniedBefore)) of them are denied by now already")
        }
        let unjudged = judgement.unjudged.sorted { "\($0.key)" < "\($1.key)" }
        remarks += unjudged.map { "guard: not judged: \(EvidenceWords.flows($0.value)): \($0.key)" }
        return remarks + losses.map { "guard: \($0)" } + gaps.map { "guard: flows may be missing: \($0)" }
    }
}
