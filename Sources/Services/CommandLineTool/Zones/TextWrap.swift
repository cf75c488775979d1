/// Long values in lines of at most 80 columns.
enum TextWrap {
    /// `  name        value`, gone on below the value.
    static func field(_ name: String, _ value: String) -> [String] {
        let label = "  " + name + String(repeating: " ", count: max(1, 12 - name.count))
        let lines = lines(value.isEmpty ? "-" : value, indent: label.count)
        return lines.enumerated().map { $0 == 0 ? label + $1.dropFirst(label.count) : $1 }
    }

    /// Breaks at blanks; a word that is longer than a line stays whole, since cut it could not be copied.
    static func lines(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace).map(printable) {
            if !line.isEmpty, indent + line.count + 1 + word.count > 80 {
                lines.append(margin + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [margin + line]
    }

    static func cut(_ text: String, _ width: Int) -> String {
        text.count > width ? text.prefix(width - 1) + "…" : text
    }

    /// Control characters as `?`: a report must not move a terminal's cursor.
    private static func printable(_ text: Substring) -> String {
        String(text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "?" : $0 })
    }
}
