/// A document of GitHub-flavoured Markdown as a tree.
///
/// Everything that comes from outside is a text or a code; the renderer sees to it that none becomes markup, a link, a
/// mention or HTML.
package enum MarkdownBlock: Hashable, Sendable {
    case heading(Int, [MarkdownInline])
    case paragraph([MarkdownInline])
    case table(header: [String], rows: [[[MarkdownInline]]])
    /// Folded up until a reader opens it.
    case details(summary: [MarkdownInline], [MarkdownBlock])
}

package enum MarkdownInline: Hashable, Sendable {
    case text(String)
    case code(String)
    case strong(String)
}

extension MarkdownBlock {
    /// A whole document.
    package static func render(_ blocks: [MarkdownBlock]) -> String {
        blocks.map(\.lines).joined(separator: [""]).joined(separator: "\n") + "\n"
    }

    private var lines: [String] {
        switch self {
        case .heading(let level, let content): [String(repeating: "#", count: level) + " " + Self.inline(content)]
        case .paragraph(let content): [Self.inline(content)]
        case .table(let header, let rows):
            [Self.row(header.map { [.text($0)] }), "|" + String(repeating: " --- |", count: header.count)]
                + rows.map(Self.row)
        case .details(let summary, let blocks):
            // The summary is HTML, in which Markdown's own escapes would show.
            ["<details><summary>" + summary.map(\.html).joined() + "</summary>", ""]
                + blocks.map(\.lines).joined(separator: [""]) + ["", "</details>"]
        }
    }

    private static func row(_ cells: [[MarkdownInline]]) -> String {
        "| " + cells.map(inline).joined(separator: " | ") + " |"
    }

    private static func inline(_ content: [MarkdownInline]) -> String { content.map(\.markdown).joined() }
}

extension MarkdownInline {
    fileprivate var markdown: String {
        switch self {
        case .text(let text): Self.escaped(text)
        case .strong(let text): "**\(Self.escaped(text))**"
        case .code(let text): Self.fenced(text)
        }
    }

    fileprivate var html: String {
        switch self {
        case .text(let text): Self.entities(text)
        case .strong(let text): "<b>\(Self.entities(text))</b>"
        case .code(let text): "<code>\(Self.entities(text))</code>"
        }
    }

    /// Punctuation that could mean something stands for itself; `@` too, which would call people.
    private static func escaped(_ text: String) -> String {
        text.map(oneLine).map { character in
            entity(character) ?? (punctuation.contains(character) ? "\\\(character)" : String(character))
        }.joined()
    }

    private static let punctuation: Set<Character> = [
        "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~", "!", "$",
    ]

    /// A fence longer than every run of backticks inside; a bar would end a table's cell even in code.
    private static func fenced(_ text: String) -> String {
        let text = String(text.map(oneLine))
        if text.isEmpty { return "" }
        let longest = text.split(whereSeparator: { $0 != "`" }).map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: longest + 1)
        let space = longest > 0 ? " " : ""
        return fence + space + text.replacing("|", with: "\\|") + space + fence
    }

    private static func entities(_ text: String) -> String {
        text.map(oneLine).map { entity($0) ?? String($0) }.joined()
    }

    private static func entity(_ character: Character) -> String? {
        switch character {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "@": "&#64;"
        default: nil
        }
    }

    private static func oneLine(_ character: Character) -> Character {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : character
    }
}
