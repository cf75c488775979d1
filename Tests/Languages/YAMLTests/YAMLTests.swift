import ClusterAPI
import Foundation
import ManifestFiles
import TestRandom
import Testing
import YAML

@Suite struct YAMLTests {
    @Test("random trees with hostile texts are read back as they were", arguments: 0..<300)
    func roundTrip(seed: Int) throws {
        var random = RandomTree(random: SeededGenerator(seed: seed))
        let trees = (0...random.random.below(3)).map { _ in random.object() }
        let text = YAMLRenderer.render(trees.map { YAMLDocument($0.0, comment: random.comment()) })
        let read = try ManifestReader.parse(Data(text.utf8), file: "tree.yaml").map(\.value)
        #expect(read == trees.map(\.1), "\(text)")
    }

    @Test("no comment becomes content, whatever its characters")
    func comments() {
        let hostile = "a\nkind: Evil\r\nb\u{2028}c\u{85}d\u{0}\u{1B}[2J\u{202E}e"
        let text = YAMLRenderer.render([
            YAMLDocument(
                .mapping([
                    YAMLEntry("a", .sequence([YAMLElement(.number(1), comment: [hostile, ""])]), comment: [hostile])
                ]),
                comment: [hostile])
        ])
        let shown = "a?kind: Evil??b?c?d??[2J?e"
        #expect(text == "# \(shown)\n# \(shown)\na:\n  # \(shown)\n  #\n  - 1\n")
    }

    @Test(
        "what a reader would take for something else is in quotes",
        arguments: [
            "true", "No", "null", "~", "1", "0x1", "1e3", "", " a", "a: b", "- a", "# a", "&a", "y", "2026-01-01",
            "a\nb",
            "10.0.0.0/8",
        ])
    func quotes(text: String) {
        let rendered = YAMLRenderer.render([YAMLDocument(.text(text))])
        #expect(rendered.hasPrefix("\"") && rendered.hasSuffix("\"\n"))
        #expect(rendered.split(separator: "\n").count == 1)
    }

    @Test("words of names and keys stand plain")
    func plain() {
        let tree = YAMLNode.mapping([
            YAMLEntry("app.kubernetes.io/name", .text("web-1")), YAMLEntry("empty", .mapping([])),
            YAMLEntry(
                "list", .sequence([YAMLElement(.mapping([YAMLEntry("a", .flag(true)), YAMLEntry("b", .number(-1))]))])),
        ])
        #expect(
            YAMLRenderer.render([YAMLDocument(tree), YAMLDocument(.sequence([]))])
                == "app.kubernetes.io/name: web-1\nempty: {}\nlist:\n  - a: true\n    b: -1\n---\n[]\n")
    }
}

/// Trees and the values that they stand for.
private struct RandomTree {
    var random: SeededGenerator

    /// The reader drops a byte order mark at the beginning of a text: none stands there.
    mutating func text() -> String {
        let parts = [
            "a", "kind", "\n", "\r", " ", ":", "#", "-", "\"", "'", "\\", "\u{0}", "\u{85}", "\u{2028}", "\u{1F600}",
            "1",
            "true", "{", "]", "\t", "%", "é", "&", "*", "!", "|", ">", "---", "b\u{FEFF}", "\u{7F}",
        ]
        return (0..<random.below(6)).map { _ in random.pick(parts) }.joined()
    }

    mutating func comment() -> [String] { (0..<random.below(3)).map { _ in text() } }

    mutating func value(_ depth: Int) -> (YAMLNode, JSONValue) {
        switch random.below(depth > 3 ? 3 : 5) {
        case 0:
            let number = Int64(random.below(2000) - 1000)
            return (.number(number), .int(number))
        case 1:
            let flag = random.once(in: 2)
            return (.flag(flag), .bool(flag))
        case 2:
            let text = text()
            return (.text(text), .string(text))
        case 3:
            let elements = (0..<random.below(4)).map { _ in value(depth + 1) }
            return (.sequence(elements.map { YAMLElement($0.0, comment: comment()) }), .array(elements.map(\.1)))
        default: return mapping(depth, [])
        }
    }

    private mutating func mapping(_ depth: Int, _ first: [(String, YAMLNode, JSONValue)]) -> (YAMLNode, JSONValue) {
        var entries = first
        for _ in 0..<random.below(4) {
            let key = text()
            guard !entries.contains(where: { $0.0 == key }) else { continue }
            let value = value(depth + 1)
            entries.append((key, value.0, value.1))
        }
        return (
            .mapping(entries.map { YAMLEntry($0.0, $0.1, comment: comment()) }),
            .object(Dictionary(uniqueKeysWithValues: entries.map { ($0.0, $0.2) }))
        )
    }

    mutating func object() -> (YAMLNode, JSONValue) {
        mapping(
            0,
            [("apiVersion", .text("v1"), "v1"), ("kind", .text("Thing"), "Thing"), ("x", .text("y"), "y")])
    }
}
