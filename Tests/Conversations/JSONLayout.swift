import ClusterAPI
import Foundation

/// JSON for people: members by name, what fits on a line on one line.
enum JSONLayout {
    private static let width = 120

    static func text(_ value: JSONValue) -> String { block(value, indent: 0) + "\n" }

    /// A value on one line.
    static func word(_ value: JSONValue) -> String {
        switch value {
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { quoted($0) + ": " + word($1) }.joined(separator: ", ") + "}"
        case .array(let elements): "[" + elements.map(word).joined(separator: ", ") + "]"
        case .string(let text): quoted(text)
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .bool(let flag): String(flag)
        case .null: "null"
        }
    }

    private static func block(_ value: JSONValue, indent: Int, after key: Int = 0) -> String {
        let line = word(value)
        if indent + key + line.count < width { return line }
        let blanks = String(repeating: " ", count: indent + 2)
        let end = "\n" + blanks.dropLast(2)
        switch value {
        case .object(let members):
            let lines = members.sorted { $0.key < $1.key }.map { name, member in
                blanks + quoted(name) + ": " + block(member, indent: indent + 2, after: name.count + 5)
            }
            return "{\n" + lines.joined(separator: ",\n") + end + "}"
        case .array(let elements):
            let lines = elements.map { blanks + block($0, indent: indent + 2) }
            return "[\n" + lines.joined(separator: ",\n") + end + "]"
        default: return line
        }
    }

    private static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
