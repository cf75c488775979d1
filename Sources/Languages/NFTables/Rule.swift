import NetworkTypes

/// One rule: its statements in order, and the id that says where it comes from.
///
/// The text is rendered once, when the rule is made; rules are equal when text and id are.
package struct Rule: Sendable {
    /// Any text; the kernel shows it, made safe and shortened, in the rule's comment.
    package let id: String
    package let statements: [Statement]
    /// The statements as nft reads them, without the comment.
    package let text: String
    /// The id, shortened, and a hash of the id and the text: by this a fresh process recognises the rule.
    package let comment: String

    package init(id: String, _ statements: [Statement]) {
        self.id = id
        self.statements = statements
        text = statements.map(\.text).joined(separator: " ")
        let hash = (id + "\n" + text).stableHash.prefix(8)
        comment = QuotedText.safe(id, limit: QuotedText.limit - 10) + " #" + hash
    }

    package init(id: String, _ statements: Statement...) {
        self.init(id: id, statements)
    }
}

extension Rule: Hashable {
    package static func == (left: Rule, right: Rule) -> Bool {
        left.comment == right.comment && left.text == right.text && left.id == right.id
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(comment)
    }
}
