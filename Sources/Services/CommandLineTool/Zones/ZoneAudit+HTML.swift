import APIMachinery
import Markup

/// The audit as one page that needs nothing else, for a reviewer's file.
extension ZoneAudit {
    package var html: String {
        let title = "Audit of network zones, \(report.time.text)"
        return MarkupRenderer.html(
            .tag(
                "html", [MarkupAttribute("lang", "en")],
                [
                    .tag(
                        "head", [],
                        [.tag("meta", [MarkupAttribute("charset", "utf-8")]), .tag("title", text: title), Self.sheet]),
                    .tag("body", [], [.tag("h1", text: title)] + sections),
                ]))
    }

    private static let sheet = MarkupNode.style(
        """
        body { font: 15px sans-serif; margin: 2em auto; max-width: 70em; color: #222 }
        table { border-collapse: collapse; margin: 1em 0 } th, td { border: 1px solid #bbb; padding: .3em .6em; text-align: left }
        th { background: #eee } .bad { background: #fdd } .soon { background: #ffd } .open { background: #dfd }
        """)

    private var sections: [MarkupNode] {
        let problems = report.problemLines
        var nodes = [heading("Posture"), matrix, heading("Zones"), zones, heading("Holes"), holes, heading("Errors")]
        nodes.append(problems.isEmpty ? paragraph("None.") : Self.list(problems, "bad"))
        nodes.append(heading("Who changed what"))
        for (zone, changes) in zip(report.zones, changes) {
            nodes += [.tag("h3", text: "Zone \(zone.name)"), Self.list(changes.lines(hasLog: log != nil), "plain")]
            if let log { nodes += log.nodes(log.section(of: zone.name)) }
        }
        for section in log?.sections(besides: report.zones.map(\.name)) ?? [] {
            nodes += [.tag("h3", text: Terminal.printable(section.title))] + (log?.nodes(section) ?? [])
        }
        nodes += (log?.summary ?? [ZoneChanges.limits]).map { paragraph(Terminal.printable($0)) }
        nodes += [heading("Proof"), proofTable]
        nodes += proofSummary.map(paragraph)
        if !proof.disagreements.isEmpty { nodes.append(Self.list(proof.disagreements, "bad")) }
        return nodes
    }

    private func paragraph(_ text: String) -> MarkupNode { .tag("p", text: text) }

    private func heading(_ text: String) -> MarkupNode { .tag("h2", text: text) }

    static func list(_ items: [String], _ style: String) -> MarkupNode {
        .tag("ul", [MarkupAttribute("class", style)], items.map { .tag("li", text: $0) })
    }

    private func table(_ header: [String], _ rows: [(style: String, cells: [String])]) -> MarkupNode {
        .tag(
            "table", [],
            [.tag("tr", [], header.map { .tag("th", text: $0) })]
                + rows.map { row in
                    .tag("tr", [MarkupAttribute("class", row.style)], row.cells.map { .tag("td", text: $0) })
                })
    }

    private var matrix: MarkupNode {
        table(
            ["from \\ to"] + report.places.map(Self.name),
            report.places.map { source in
                (
                    style: "row",
                    cells: [Self.name(source)] + report.places.map { report.posture(from: source, to: $0).word }
                )
            })
    }

    private var zones: MarkupNode {
        table(
            ["order", "zone", "outside", "namespaces", "pods", "nodes", "hosts"],
            report.zones.map { zone in
                (
                    style: zone.isOpenToOutside ? "open" : "row",
                    cells: [
                        zone.order.map(String.init) ?? "-", zone.name, zone.isOpenToOutside ? "Allow" : "Deny",
                        zone.namespaces, String(zone.podCount), zone.nodes.joined(separator: ", "),
                        zone.cidrs.joined(separator: ", "),
                    ]
                )
            })
    }

    private var holes: MarkupNode {
        table(
            ["from", "to", "hole", "members", "ports", "owner", "reason", "expires", ""],
            report.holes.map { hole in
                let mark = mark(hole)
                let style = !hole.isOpen ? "bad" : mark.hasPrefix("SOON") ? "soon" : "row"
                return (
                    style: style,
                    cells: [
                        hole.from, hole.zone, hole.name, "\(hole.source) to \(hole.target)", hole.ports, hole.owner,
                        hole.reason, hole.expires ?? "never", mark,
                    ]
                )
            })
    }

    private var proofTable: MarkupNode {
        table(
            ["from", "to", "asked", "denied", "agrees"],
            proof.pairs.map { pair in
                let agrees = pair.questions == 0 ? "nobody to ask" : pair.disagreements.isEmpty ? "yes" : "NO"
                return (
                    style: pair.disagreements.isEmpty ? "row" : "bad",
                    cells: [
                        Self.name(pair.from), Self.name(pair.to), String(pair.questions), String(pair.denied), agrees,
                    ]
                )
            })
    }
}
