import ClusterAPI
import Lab
import NetworkTypes
import PolicyEngine
import ServiceVerdicts

/// Who asks whom in the demo, and the picture of the answers.
struct DemoMatrix {
    /// One end: how it is called in the picture, and in a flow.
    struct End {
        let name: String
        let party: Party
    }

    let sources: [End]
    let targets: [(end: End, port: UInt16)]

    /// The pods of a snapshot in the order of their names' appearance in the story, and the outside hosts.
    init(_ lab: Lab) {
        let pods = [("green", "colors"), ("gray", "colors"), ("purple", "colors"), ("red", "other")].map {
            End(name: $0.0, party: .pod(ObjectKey(namespace: $0.1, name: $0.0)))
        }
        let hosts = lab.topology.outside.compactMap { host in
            host.addresses.first.map { End(name: host.name, party: .address($0)) }
        }
        sources = pods + hosts
        targets = (pods + hosts).flatMap { end -> [(End, UInt16)] in
            end.name == "purple" ? [(end, 80), (end, 8080)] : [(end, 80)]
        }
    }

    /// Row by row.
    var flows: [Flow] {
        sources.flatMap { source in
            targets.map { Flow(from: source.party, to: $0.end.party, transport: .tcp, port: $0.port) }
        }
    }

    /// The picture: each cell is `verdict = observation`, with a star where the verdict is not the earlier one.
    func picture(_ answers: [Verification], since earlier: [Verification], _ paint: Paint) -> String {
        let width = 10
        let label = { (text: String) in text + String(repeating: " ", count: max(1, width - text.count)) }
        var lines = [paint.dim("  from \\ to  " + targets.map { label($0.end.name) }.joined())]
        lines.append(paint.dim("             " + targets.map { label(":\($0.port)") }.joined()))
        for (row, source) in sources.enumerated() {
            let cells = targets.indices.map { column -> String in
                let index = row * targets.count + column
                let isNew = earlier.indices.contains(index) && Self.changed(earlier[index], answers[index])
                return Self.cell(answers[index], isNew: isNew, width, paint)
            }
            lines.append("  " + paint.name(source.name, label(source.name) + " ") + cells.joined())
        }
        return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }

    static func changed(_ earlier: Verification, _ now: Verification) -> Bool {
        earlier.answer.isAllowed != now.answer.isAllowed
    }

    /// One sentence on a connection that is denied since this step, and by what; nil when there is none.
    func reason(_ answers: [Verification], since earlier: [Verification]) -> String? {
        for (index, (before, now)) in zip(earlier, answers).enumerated().reversed()
        where Self.changed(before, now) && !now.answer.isAllowed {
            let target = targets[index % targets.count]
            let source = sources[index / targets.count]
            return "   Why not \(source.name) to \(target.end.name):\(target.port)?\n   \(now.answer.rule)"
        }
        return nil
    }

    private static func cell(_ answer: Verification, isNew: Bool, _ width: Int, _ paint: Paint) -> String {
        let verdict = answer.answer.isAllowed ? "yes" : "no"
        let observed = answer.observed == "allow" ? "yes" : answer.observed == "deny" ? "no" : "?"
        let text = verdict + (answer.differs ? "≠" : "=") + observed
        let padding = (isNew ? "*" : " ") + String(repeating: " ", count: max(1, width - text.count - 1))
        if answer.differs { return paint.alarm(text) + padding }
        return (answer.answer.isAllowed ? paint.good(text) : paint.bad(text)) + padding
    }
}

/// Colours for a terminal; none for a file or a pipe, or where `NO_COLOR` is set.
struct Paint {
    let isOn: Bool

    func good(_ text: String) -> String { code("32", text) }
    func bad(_ text: String) -> String { code("31", text) }
    func alarm(_ text: String) -> String { code("1;97;41", text) }
    func dim(_ text: String) -> String { code("2", text) }
    func title(_ text: String) -> String { code("1", text) }

    /// Pods in the colour that they are named after.
    func name(_ name: String, _ text: String) -> String {
        let colors = ["green": "32", "gray": "90", "purple": "35", "red": "31"]
        return code(colors[name] ?? "36", text)
    }

    private func code(_ code: String, _ text: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
