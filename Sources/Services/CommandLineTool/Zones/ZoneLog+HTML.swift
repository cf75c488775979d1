import APIMachinery
import AuditTrail
import Markup

/// The changes of zones as tables of a page.
extension ZoneLog {
    func nodes(_ section: Section) -> [MarkupNode] {
        var nodes: [MarkupNode] = []
        if section.changes.isEmpty {
            if section.isPresent { nodes.append(.tag("p", text: "No change of it is in the audit log.")) }
        } else {
            let header = ["time", "object", "user", "verb", "program", "from", "result", "what changed"]
            nodes.append(
                .tag(
                    "table", [],
                    [.tag("tr", [], header.map { .tag("th", text: $0) })] + section.changes.map(Self.row)))
        }
        if !section.unexplained.isEmpty {
            nodes += [
                .tag("p", text: "Not explained by the log:"),
                ZoneAudit.list(section.unexplained.map(Terminal.printable), "bad"),
            ]
        }
        return nodes
    }

    private static func row(_ change: RecordedChange) -> MarkupNode {
        let request = change.request
        let cells = [
            request.time.text, change.subject, change.who, request.verb, change.program, change.source,
            request.code == 0 ? "not recorded" : String(request.code),
        ]
        return .tag(
            "tr", [MarkupAttribute("class", request.succeeded ? "row" : "bad")],
            cells.map { .tag("td", text: Terminal.printable($0)) }
                + [.tag("td", [], [ZoneAudit.list(change.words.map(Terminal.printable), "plain")])])
    }
}
