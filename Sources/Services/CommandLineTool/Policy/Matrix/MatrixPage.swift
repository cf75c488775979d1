import ClusterAPI
import Markup
import NetworkTypes
import PolicyAnalysis

/// The matrix as one HTML file that needs nothing else and runs nothing.
enum MatrixPage {
    private static let gridLimit = 60
    /// Beyond this many classes rules are told only where one asks for a namespace.
    private static let ruleLimit = 60

    static func html(_ report: MatrixReport) -> String {
        let view = MatrixView(report, limit: gridLimit)
        let head: [MarkupNode] = [
            .tag("meta", [MarkupAttribute("charset", "utf-8")]),
            .tag(
                "meta",
                [
                    MarkupAttribute("http-equiv", "Content-Security-Policy"),
                    MarkupAttribute("content", "default-src 'none'; style-src 'unsafe-inline'"),
                ]),
            .tag(
                "meta",
                [
                    MarkupAttribute("name", "viewport"),
                    MarkupAttribute("content", "width=device-width, initial-scale=1"),
                ]),
            .tag("title", text: "Who reaches whom"), .style(MatrixStyle.page),
        ]
        let body: [MarkupNode] = [
            .tag(
                "header", [],
                [
                    .tag("h1", text: "Who reaches whom"), .tag("p", text: MatrixPalette.subtitle(report)), legend,
                ]),
            grid(report, view), leftOut(view), reachTable(report), rules(report),
            .tag("footer", [], [.tag("p", text: MatrixReport.promise), gone(report)]),
        ]
        return MarkupRenderer.html(
            .tag("html", [MarkupAttribute("lang", "en")], [.tag("head", [], head), .tag("body", [], body)]))
    }

    private static var legend: MarkupNode {
        .tag(
            "ul", [MarkupAttribute("class", "legend")],
            MatrixPalette.legend.map { cell, words in
                .tag(
                    "li", [],
                    [
                        .tag(
                            "span", [MarkupAttribute("class", "key \(MatrixPalette.className(cell))")],
                            text: cell.symbol),
                        .text(" " + words),
                    ])
            })
    }

    private static func grid(_ report: MatrixReport, _ view: MatrixView) -> MarkupNode {
        let numbers = view.groups.enumerated().map { index, group in
            MarkupNode.tag(
                "th",
                [
                    MarkupAttribute("scope", "col"), MarkupAttribute("title", group.name),
                    MarkupAttribute("class", group.kind.rawValue),
                ], [.tag("span", text: group.name)])
        }
        let corner = MarkupNode.tag("td", [MarkupAttribute("class", "corner")], text: "from ↓   to →")
        let rows = view.groups.indices.map { from in
            MarkupNode.tag(
                "tr", [],
                [
                    .tag(
                        "th",
                        [
                            MarkupAttribute("scope", "row"), MarkupAttribute("class", view.groups[from].kind.rawValue),
                        ], text: view.groups[from].name)
                ] + view.groups.indices.map { to in cell(report, view, from, to) })
        }
        let table = MarkupNode.tag(
            "table", [MarkupAttribute("class", "grid")],
            [
                .tag("thead", [], [.tag("tr", [], [corner] + numbers)]), .tag("tbody", [], rows),
            ])
        return .tag("div", [MarkupAttribute("class", "scroll")], [table])
    }

    private static func cell(_ report: MatrixReport, _ view: MatrixView, _ from: Int, _ to: Int) -> MarkupNode {
        let cell = view.cells[from][to]
        return .tag(
            "td",
            [
                MarkupAttribute("class", MatrixPalette.className(cell)),
                MarkupAttribute("title", MatrixPalette.title(report, view, from, to)),
            ], text: MatrixPalette.label(cell, longest: 10))
    }

    private static func leftOut(_ view: MatrixView) -> MarkupNode {
        guard view.leftOut > 0 else { return .text("") }
        return .tag(
            "p", [MarkupAttribute("class", "note")],
            text: "\(view.leftOut) more namespaces are not in the picture, but in the list below; "
                + "choose some with --namespace to see them.")
    }

    private static func reachTable(_ report: MatrixReport) -> MarkupNode {
        let rows = report.reach.map { line in
            row([
                report.name(of: line.classes.from), report.name(of: line.classes.to),
                line.ports.description + line.families.note,
            ])
        }
        return .tag(
            "section", [],
            [
                .tag("h2", text: "What passes"),
                rows.isEmpty ? .tag("p", text: "Nobody reaches anybody.") : list(["From", "To", "Ports"], rows),
            ])
    }

    /// Why: for each source what each destination hears, and the rules of both directions.
    private static func rules(_ report: MatrixReport) -> MarkupNode {
        let chosen = report.chosen
        guard chosen.count <= ruleLimit else {
            return .tag(
                "p", [MarkupAttribute("class", "note")],
                text: "The rules behind each line are told for up to \(ruleLimit) classes: choose with --namespace.")
        }
        let details = report.reachable.compactMap { from -> MarkupNode? in
            let rows = report.reachable.filter { chosen.contains(from) || chosen.contains($0) }.flatMap { to in
                report.parts(from, to).map { families, part in
                    let ports = part.ports.intersection(report.ports).description + families.note
                    return row(
                        [report.name(of: [to]), ports, part.allowed ? "● allowed" : "· denied", part.rule],
                        className: part.allowed ? "yes" : "no")
                }
            }
            if rows.isEmpty { return nil }
            return .tag(
                "details", [],
                [
                    .tag("summary", text: "From \(report.name(of: [from]))"), members(report, from),
                    list(["To", "Ports", "Verdict", "Decided by"], rows),
                ])
        }
        return .tag("section", [], [.tag("h2", text: "Why")] + details)
    }

    private static func members(_ report: MatrixReport, _ index: Int) -> MarkupNode {
        let members = report.matrix.classes[index].members
        let shown = members.prefix(40).map(\.title).joined(separator: ", ")
        let more = members.count > 40 ? " and \(members.count - 40) more" : ""
        return .tag("p", [MarkupAttribute("class", "members")], text: shown + more)
    }

    private static func row(_ fields: [String], className: String = "") -> MarkupNode {
        .tag(
            "tr", className.isEmpty ? [] : [MarkupAttribute("class", className)], fields.map { .tag("td", text: $0) })
    }

    private static func list(_ header: [String], _ rows: [MarkupNode]) -> MarkupNode {
        .tag(
            "table", [MarkupAttribute("class", "list")],
            [
                .tag("thead", [], [.tag("tr", [], header.map { .tag("th", text: $0) })]), .tag("tbody", [], rows),
            ])
    }

    private static func gone(_ report: MatrixReport) -> MarkupNode {
        let gone = report.unreachablePods
        if gone.isEmpty { return .text("") }
        let names = gone.map(\.description).joined(separator: ", ")
        return .tag("p", text: "Not in it: pods that have ended or lost their address: \(names).")
    }
}
