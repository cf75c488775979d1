import ClusterAPI
import FoundationEssentials

/// An object as JSON or YAML for people, members in alphabetical order.
enum ObjectText {
    static func json(_ value: JSONValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// Block style; strings that YAML would read as something else, or not at all, are quoted as JSON strings.
    static func yaml(_ value: JSONValue) -> String { block(value, indent: "").joined(separator: "\n") + "\n" }

    private static func block(_ value: JSONValue, indent: String) -> [String] {
        switch value {
        case .object(let members) where !members.isEmpty:
            return members.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
                let name = indent + scalar(.string(key)) + ":"
                guard isBlock(value) else { return [name + " " + scalar(value)] }
                // Lists stand under their key without further indentation, as kubectl writes them.
                let inner = value.array == nil ? indent + "  " : indent
                return [name] + block(value, indent: inner)
            }
        case .array(let elements) where !elements.isEmpty:
            return elements.flatMap { element -> [String] in
                guard isBlock(element) else { return [indent + "- " + scalar(element)] }
                var lines = block(element, indent: indent + "  ")
                lines[0] = indent + "- " + lines[0].dropFirst(indent.count + 2)
                return lines
            }
        default: return [indent + scalar(value)]
        }
    }

    private static func isBlock(_ value: JSONValue) -> Bool {
        value.object.map { !$0.isEmpty } ?? value.array.map { !$0.isEmpty } ?? false
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): isPlain(text) ? text : JSONText.string(text)
        case .array: "[]"
        case .object: "{}"
        }
    }

    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"]

    /// Letters first, then what cannot begin a comment, a mapping or a document.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, (65...90).contains(first) || (97...122).contains(first),
            !words.contains(text.lowercased())
        else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-_./".utf8.contains(byte)
        }
    }
}
