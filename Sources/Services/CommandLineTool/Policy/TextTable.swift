/// Columns padded to equal width, for terminals.
struct TextTable {
    let header: [String]
    let rows: [[String]]

    /// Control characters are shown as `?`: a table must not move a terminal's cursor.
    var text: String {
        let lines = ([header] + rows).map { $0.map(Terminal.printable) }
        var widths = [Int](repeating: 0, count: header.count)
        for line in lines {
            for (column, field) in line.enumerated() where column < widths.count {
                widths[column] = max(widths[column], field.count)
            }
        }
        return lines.map { line in
            let fields = line.enumerated().map { column, field in
                column == line.count - 1
                    ? field : field + String(repeating: " ", count: widths[column] - field.count)
            }
            return fields.joined(separator: "  ") + "\n"
        }.joined()
    }
}
