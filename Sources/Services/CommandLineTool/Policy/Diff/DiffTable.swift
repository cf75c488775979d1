import PolicyAnalysis

/// The changes for a terminal of 80 columns.
enum DiffTable {
    static func text(_ report: DiffReport) -> String {
        if report.isEmpty {
            let pods = report.podsNote.map { "Pods \($0).\n" } ?? ""
            return "No connectivity changes.\n" + pods
        }
        let policy = report.changes(.policy)
        var text = ""
        if !policy.isEmpty { text += report.summary(policy) + "\n\n" + entries(policy, report) }
        let parties = report.changes(.parties)
        if !parties.isEmpty {
            let title = "Because pods, nodes or workloads come and go: \(report.summary(parties))"
            text += WrappedTable(widths: [78], rows: [[title]]).text
            if let note = report.podsNote { text += WrappedTable(widths: [78], rows: [["Pods " + note]]).text }
            text += "\n" + entries(parties, report)
        }
        return text
    }

    private static func entries(_ changes: [ConnectivityChange], _ report: DiffReport) -> String {
        changes.map { change in
            let sign = change.effect == .appears ? "+" : "-"
            let rows = [
                [sign, "from", report.from(change)], ["", "to", report.to(change)],
                ["", change.effect.rawValue, report.ports(change)], ["", "before", change.before],
                ["", "now", change.after],
            ]
            return WrappedTable(widths: [1, 10, 63], rows: rows).text + "\n"
        }.joined()
    }
}
