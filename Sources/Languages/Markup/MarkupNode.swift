/// A document of HTML or SVG as a tree.
///
/// Everything that comes from outside is an attribute's value or a text; names and style sheets are literals of the
/// program, so no input can become markup.
package enum MarkupNode: Hashable, Sendable {
    case element(MarkupElement)
    case text(String)

    /// `MarkupNode("td", ["class": "all"], "text")`.
    package static func tag(
        _ name: StaticString, _ attributes: [MarkupAttribute] = [], _ children: [MarkupNode] = []
    ) -> MarkupNode {
        .element(MarkupElement(name: "\(name)", attributes: attributes, children: children))
    }

    package static func tag(
        _ name: StaticString, _ attributes: [MarkupAttribute] = [], text: String
    ) -> MarkupNode {
        tag(name, attributes, [.text(text)])
    }

    /// A style sheet, which is a literal of the program.
    package static func style(_ rules: StaticString) -> MarkupNode {
        .element(MarkupElement(name: "style", attributes: [], children: [], styleSheet: "\(rules)"))
    }
}

/// A tag with its attributes and what is inside.
package struct MarkupElement: Hashable, Sendable {
    package let name: String
    package let attributes: [MarkupAttribute]
    package let children: [MarkupNode]
    let styleSheet: String?

    fileprivate init(name: String, attributes: [MarkupAttribute], children: [MarkupNode], styleSheet: String? = nil) {
        self.name = name
        self.attributes = attributes
        self.children = children
        self.styleSheet = styleSheet
    }
}

/// `name="value"`; the value is escaped by the renderer.
package struct MarkupAttribute: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: StaticString, _ value: String) {
        self.name = "\(name)"
        self.value = value
    }

    package init(_ name: StaticString, _ value: Int) { self.init(name, String(value)) }
}
