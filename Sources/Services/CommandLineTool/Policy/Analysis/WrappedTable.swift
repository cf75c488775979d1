/// Columns of fixed width for a terminal; what is longer goes on in the next line.
struct WrappedTable {
    /// Of every column; one blank, or more, stands between two.
    let widths: [Int]
    let rows: [[String]]

    var text: String { rows.map(row).joined() }

    private func row(_ fields: [String]) -> String {
        let columns = zip(fields, widths).map { Self.wrapped(Terminal.printable($0), $1) }
        let height = columns.map(\.count).max() ?? 0
        return (0..<height).map { line in
            var text = ""
            for (lines, width) in zip(columns, widths) {
                let field = line < lines.count ? lines[line] : ""
                text += field + String(repeating: " ", count: width - field.count) + "  "
            }
            return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    /// Lines of at most this many characters, broken at blanks where there are some.
    static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            var word = String(word)
            if !line.isEmpty, line.count + 1 + word.count <= width {
                line += " " + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while word.count > width {
                lines.append(String(word.prefix(width)))
                word = String(word.dropFirst(width))
            }
            line = word
        }
        return lines + [line]
    }
}
