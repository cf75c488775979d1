/// Long values in lines of at most 80 columns.
enum TextWrap {
    /// `  name        value`, gone on below the value.
    static func field(_ name: String, _ value: String) -> [String] {
        let label = "  " + name + String(repeating: " ", count: max(1, 12 - name.count))
        let lines = lines(value.isEmpty ? "-" : value, indent: label.count)
        return lines.enumerated().map { $0 == 0 ? label + $1.dropFirst(label.count) : $1 }
    }

    /// Breaks at blanks; a word that is longer than a line stays whole, since cut it could not be copied.
    ///
    /// - Parameter breaksWords: Breaks those too: for texts that anybody may have sent.
    static func lines(_ text: String, indent: Int, breaksWords: Bool = false) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        let width = breaksWords ? 80 - indent : Int.max
        for word in text.split(whereSeparator: \.isWhitespace).flatMap({ parts(Terminal.printable(String($0)), width) })
        {
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

    private static func parts(_ word: String, _ width: Int) -> [String] {
        var parts: [String] = []
        var rest = word[...]
        while rest.count > width {
            parts.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        return parts + [String(rest)]
    }
}
