/// Writes trees as YAML that every version of the language reads alike.
///
/// A text stands plain only where no reader takes it for anything else; all others are in double quotes, with escapes. What
/// would end a line in a comment, or move a cursor, is shown as `?`: no comment can become content.
package enum YAMLRenderer {
    package static func render(_ documents: [YAMLDocument]) -> String {
        documents.map { document in
            comment(document.comment, indent: 0) + block(document.root, indent: 0)
        }.joined(separator: "---\n")
    }

    /// A node on lines of its own.
    private static func block(_ node: YAMLNode, indent: Int) -> String {
        switch node {
        case .mapping(let entries) where !entries.isEmpty:
            entries.map { entry in
                comment(entry.comment, indent: indent) + blanks(indent) + scalar(entry.key) + ":"
                    + after(entry.value, indent: indent)
            }.joined()
        case .sequence(let elements) where !elements.isEmpty:
            elements.map { element in
                comment(element.comment, indent: indent) + blanks(indent) + "-" + item(element.value, indent: indent)
            }.joined()
        default: blanks(indent) + inline(node) + "\n"
        }
    }

    /// What stands behind `key:`.
    private static func after(_ node: YAMLNode, indent: Int) -> String {
        isBlock(node) ? "\n" + block(node, indent: indent + 2) : " " + inline(node) + "\n"
    }

    /// What stands behind a dash: the first line goes on after it, unless a comment comes first.
    private static func item(_ node: YAMLNode, indent: Int) -> String {
        guard isBlock(node) else { return " " + inline(node) + "\n" }
        let text = block(node, indent: indent + 2)
        return beginsWithComment(node) ? "\n" + text : " " + text.dropFirst(indent + 2)
    }

    private static func beginsWithComment(_ node: YAMLNode) -> Bool {
        switch node {
        case .mapping(let entries): !(entries.first?.comment ?? []).isEmpty
        case .sequence(let elements): !(elements.first?.comment ?? []).isEmpty
        default: false
        }
    }

    private static func isBlock(_ node: YAMLNode) -> Bool {
        switch node {
        case .mapping(let entries): !entries.isEmpty
        case .sequence(let elements): !elements.isEmpty
        default: false
        }
    }

    private static func inline(_ node: YAMLNode) -> String {
        switch node {
        case .text(let text): scalar(text)
        case .number(let number): String(number)
        case .flag(let flag): String(flag)
        case .mapping: "{}"
        case .sequence: "[]"
        }
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    private static func comment(_ lines: [String], indent: Int) -> String {
        lines.map { line in
            var text = blanks(indent) + "#"
            if !line.isEmpty { text += " " }
            for scalar in line.unicodeScalars {
                text.unicodeScalars.append(isUnsafe(scalar) ? "?" : scalar)
            }
            return text + "\n"
        }.joined()
    }

    /// Control and format characters, and all that some reader takes for the end of a line.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func scalar(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// Words of letters, digits and a few signs that begin with a letter and are no word of YAML's own.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first),
            text.utf8.allSatisfy({ isLetter($0) || (48...57).contains($0) || [45, 46, 47, 95].contains($0) })
        else { return false }
        return !reserved.contains(text.lowercased())
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }

    private static let reserved: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where isUnsafe(scalar): result += escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xFFFF ? 8 : 4
        return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
    }
}
