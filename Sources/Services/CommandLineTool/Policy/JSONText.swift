import APIMachinery
import ClusterAPI

/// JSON in a fixed order of members, for results that people and scripts read.
enum JSONText {
    static func string(_ text: String) -> String { JSONValue.quoted(text) }

    /// Members whose values are JSON already.
    static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(string($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
    }

    /// One element to a line, and a line feed at the end.
    static func list(_ elements: [String]) -> String {
        elements.isEmpty ? "[]\n" : "[\n  " + elements.joined(separator: ",\n  ") + "\n]\n"
    }
}
