import Foundation

/// The measures as a table for people, and its place in `docs/performance.md`.
struct BenchTable {
    let measures: [BenchMeasure]

    private static let begin = "<!-- figures: written by make bench -->"
    private static let end = "<!-- end of figures -->"

    var markdown: String {
        let rows = measures.map { measure in
            [
                measure.measure, "\(Self.number(measure.value)) \(measure.unit)",
                measure.baseline.map(Self.number) ?? "", measure.ratio.map(Self.number) ?? "", measure.target ?? "",
                measure.met.map { $0 ? "met" : "**missed**" } ?? "",
            ]
        }
        let head = ["measure", "value", "baseline", "ratio", "target", ""]
        let lines = [head, ["---", "--:", "--:", "--:", "--:", "---"]] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// Replaces the figures between the markers of a document; adds them at its end if there are none.
    func written(into document: String) -> String {
        let block = "\(Self.begin)\n\(markdown)\n\(Self.end)"
        guard let start = document.range(of: Self.begin), let stop = document.range(of: Self.end),
            start.upperBound <= stop.lowerBound
        else { return document + "\n" + block + "\n" }
        return document[..<start.lowerBound] + block + document[stop.upperBound...]
    }

    /// Three digits that matter.
    static func number(_ value: Double) -> String {
        let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
        let scale = [1.0, 10, 100][digits]
        let rounded = (value * scale).rounded() / scale
        let text = "\(rounded)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
