/// Lines of at most 80 columns; what is longer goes on below, further in.
struct IndentedText {
    private(set) var text = ""
    private let width: Int

    init(width: Int = 80) { self.width = width }

    /// Adds one paragraph.
    ///
    /// - Parameter mark: What stands before the first line, within the margin; the rest is indented as far.
    mutating func add(_ line: String = "", indent: Int = 0, mark: String = "") {
        let margin = String(repeating: " ", count: indent)
        var current = margin + mark
        let hanging = String(repeating: " ", count: indent + mark.count)
        var isEmpty = true
        for word in Terminal.printable(line).split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, current.count + 1 + word.count > width {
                text += current + "\n"
                current = hanging + "  "
                isEmpty = true
            }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        text += Self.trimmed(current) + "\n"
    }

    private static func trimmed(_ line: String) -> String {
        var slice = line[...]
        while slice.last == " " { slice.removeLast() }
        return String(slice)
    }
}
