import ClusterAPI
import PolicyAnalysis

/// The matrix for a terminal of 80 columns.
enum MatrixTable {
    private static let gridLimit = 14
    private static let lineLimit = 60

    static func text(_ report: MatrixReport) -> String {
        let view = MatrixView(report, limit: gridLimit)
        return heading(report) + grid(view) + legend(report, view) + lines(report) + notes(report)
    }

    private static func heading(_ report: MatrixReport) -> String {
        let (pods, classes) = (report.podCount, report.chosen.count)
        let asked = report.ports == .all ? "" : ", asked for \(report.ports)"
        return "\(pods) \(pods == 1 ? "pod" : "pods"), of which policies tell apart \(classes)\(asked)\n\n"
    }

    private static func grid(_ view: MatrixView) -> String {
        let label = 80 - 4 - view.groups.count * 3
        let width = min(label, (view.groups.map(\.name.count).max() ?? 0) + 1)
        func padded(_ text: String, _ width: Int) -> String {
            let text = Terminal.printable(text)
            let short = text.count > width ? text.prefix(width - 1) + "…" : text[...]
            return short + String(repeating: " ", count: width - short.count)
        }
        func number(_ index: Int) -> String { (index < 9 ? " " : "") + "\(index + 1)" }
        let head = padded("from \\ to", width + 3) + view.groups.indices.map { " " + number($0) }.joined()
        let rows = view.groups.enumerated().map { index, group in
            number(index) + " " + padded(group.name, width) + view.cells[index].map { "  " + $0.symbol }.joined()
        }
        return ([head] + rows).map { String($0.reversed().drop { $0 == " " }.reversed()) + "\n" }.joined()
    }

    private static func legend(_ report: MatrixReport, _ view: MatrixView) -> String {
        var text = "\n● everything  ◐ some ports  ◌ differs from pair to pair  · nothing\n"
        if view.leftOut > 0 {
            text += "\(view.leftOut) more namespaces are left out here: choose some with --namespace, or see\n"
            text += "all of them with -o html.\n"
        }
        return text + "\n"
    }

    private static func lines(_ report: MatrixReport) -> String {
        let reach = report.reach
        let rows = reach.prefix(lineLimit).map { line in
            [
                report.name(of: line.classes.from), report.name(of: line.classes.to),
                line.ports.description + line.families.note,
            ]
        }
        if rows.isEmpty { return "Nobody reaches anybody.\n" }
        var text = WrappedTable(widths: [29, 29, 18], rows: [["FROM", "TO", "PORTS"]] + rows).text
        if reach.count > lineLimit {
            text +=
                "\n\(reach.count - lineLimit) more lines are left out: choose with --namespace or --port, or see all\n"
            text += "of them with -o html or -o json.\n"
        }
        return text
    }

    private static func notes(_ report: MatrixReport) -> String {
        let gone = report.unreachablePods
        var text = "\n" + MatrixReport.promise + "\n"
        if !gone.isEmpty {
            let names = gone.prefix(3).map(\.description).joined(separator: ", ")
            let more = gone.count > 3 ? " and \(gone.count - 3) more" : ""
            let sentence = "Not in it: pods that have ended or lost their address (\(names)\(more))."
            text += WrappedTable(widths: [78], rows: [[sentence]]).text
        }
        return text
    }
}
