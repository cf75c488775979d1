import Markup
import PolicyAnalysis

/// The matrix as one SVG file, for documents and slides.
struct MatrixPicture {
    private static let gridLimit = 60
    private static let side = 40
    private static let longestName = 44

    private let report: MatrixReport
    private let view: MatrixView
    private let left: Int
    private let top: Int

    static func svg(_ report: MatrixReport) -> String {
        MarkupRenderer.xml(MatrixPicture(report).root)
    }

    private init(_ report: MatrixReport) {
        self.report = report
        view = MatrixView(report, limit: Self.gridLimit)
        let longest = min(Self.longestName, view.groups.map(\.name.count).max() ?? 0)
        // Fonts differ: room for wide ones.
        left = 48 + longest * 8
        top = 92 + longest * 11 / 2
    }

    private var root: MarkupNode {
        let grid = view.groups.count * Self.side
        // The names of the last columns lean over to the right.
        let width = max(left + grid + (top - 90), 640)
        let height = top + grid + 70
        return .tag(
            "svg",
            [
                MarkupAttribute("xmlns", "http://www.w3.org/2000/svg"), MarkupAttribute("width", width),
                MarkupAttribute("height", height), MarkupAttribute("viewBox", "0 0 \(width) \(height)"),
                MarkupAttribute("role", "img"),
            ],
            [
                .tag("title", text: "Who reaches whom"), .style(MatrixStyle.picture), stripes,
                .tag(
                    "rect",
                    [
                        MarkupAttribute("width", width), MarkupAttribute("height", height),
                        MarkupAttribute("fill", "#ffffff"),
                    ]),
                text("Who reaches whom", 24, 36, size: 20, weight: "600"),
                text(MatrixPalette.subtitle(report), 24, 58, size: 13, className: "quiet"),
                text("from ↓   to →", left - 16, top - 12, size: 12, anchor: "end", className: "quiet"),
            ] + view.groups.indices.flatMap(labels) + view.groups.indices.flatMap(row) + legend(at: top + grid + 30))
    }

    private var stripes: MarkupNode {
        .tag(
            "defs", [],
            [
                .tag(
                    "pattern",
                    [
                        MarkupAttribute("id", "stripes"), MarkupAttribute("width", 8), MarkupAttribute("height", 8),
                        MarkupAttribute("patternUnits", "userSpaceOnUse"),
                        MarkupAttribute("patternTransform", "rotate(45)"),
                    ],
                    [
                        .tag(
                            "rect",
                            [
                                MarkupAttribute("width", 8), MarkupAttribute("height", 8),
                                MarkupAttribute("fill", "#ffffff"),
                            ]),
                        .tag(
                            "rect",
                            [
                                MarkupAttribute("width", 4), MarkupAttribute("height", 8),
                                MarkupAttribute("fill", "#d7e7f7"),
                            ]),
                    ])
            ])
    }

    private func labels(_ index: Int) -> [MarkupNode] {
        let group = view.groups[index]
        let name = group.name.count > Self.longestName ? group.name.prefix(Self.longestName - 1) + "…" : group.name[...]
        let middle = index * Self.side + Self.side / 2
        let (x, y) = (left + middle, top - 12)
        let color = group.kind == .outside ? "#d9822b" : group.kind == .nodes ? "#8a8f98" : "#ffffff"
        return [
            mark(left - 8, top + index * Self.side + 4, 4, Self.side - 8, color),
            mark(left + index * Self.side + 4, top - 8, Self.side - 8, 4, color),
            text(String(name), left - 16, top + middle + 5, size: 13, anchor: "end"),
            .tag(
                "text",
                [
                    MarkupAttribute("x", x), MarkupAttribute("y", y), MarkupAttribute("font-size", 13),
                    MarkupAttribute("transform", "rotate(-45 \(x) \(y))"),
                ], text: String(name)),
        ]
    }

    private func mark(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ color: String) -> MarkupNode {
        .tag(
            "rect",
            [
                MarkupAttribute("x", x), MarkupAttribute("y", y), MarkupAttribute("width", width),
                MarkupAttribute("height", height), MarkupAttribute("fill", color),
            ])
    }

    private func row(_ from: Int) -> [MarkupNode] {
        view.groups.indices.map { to in
            let (x, y) = (left + to * Self.side, top + from * Self.side)
            return box(view.cells[from][to], x, y, title: MatrixPalette.title(report, view, from, to))
        }
    }

    private func box(_ cell: MatrixView.Cell, _ x: Int, _ y: Int, title: String) -> MarkupNode {
        let label = MatrixPalette.label(cell, longest: 6)
        let color =
            switch cell {
            case .everything: "onDark"
            case .nothing, .absent: "faint"
            default: ""
            }
        return .tag(
            "g", [],
            [
                .tag("title", text: title),
                .tag(
                    "rect",
                    [
                        MarkupAttribute("class", "cell \(MatrixPalette.className(cell))"), MarkupAttribute("x", x),
                        MarkupAttribute("y", y), MarkupAttribute("width", Self.side),
                        MarkupAttribute("height", Self.side),
                    ]),
                text(
                    label, x + Self.side / 2, y + Self.side / 2 + 5, size: label.count > 4 ? 10 : 13, anchor: "middle",
                    className: color),
            ])
    }

    private func legend(at y: Int) -> [MarkupNode] {
        var x = 24
        var nodes: [MarkupNode] = []
        for (cell, words) in MatrixPalette.legend {
            nodes.append(
                .tag(
                    "rect",
                    [
                        MarkupAttribute("class", "cell \(MatrixPalette.className(cell))"), MarkupAttribute("x", x),
                        MarkupAttribute("y", y - 13), MarkupAttribute("width", 18), MarkupAttribute("height", 18),
                    ]))
            nodes.append(
                text(
                    cell.symbol, x + 9, y + 1, size: 12, anchor: "middle",
                    className: cell == .everything ? "onDark" : ""))
            nodes.append(text(words, x + 26, y + 1, size: 12))
            x += 44 + words.count * 7
        }
        if view.leftOut > 0 {
            nodes.append(
                text("\(view.leftOut) more namespaces are left out: choose with --namespace", 24, y + 24, size: 12))
        }
        return nodes
    }

    private func text(
        _ content: String, _ x: Int, _ y: Int, size: Int, anchor: String = "start", weight: String = "400",
        className: String = ""
    ) -> MarkupNode {
        .tag(
            "text",
            [
                MarkupAttribute("x", x), MarkupAttribute("y", y), MarkupAttribute("font-size", size),
                MarkupAttribute("text-anchor", anchor), MarkupAttribute("font-weight", weight),
                MarkupAttribute("class", className),
            ], text: content)
    }
}
