/// Writes a tree in one of the two grammars; the only place that escapes.
package enum MarkupRenderer {
    private enum Grammar { case html, xml }

    /// A whole HTML document.
    package static func html(_ root: MarkupNode) -> String {
        var text = "<!DOCTYPE html>\n"
        write(root, .html, &text)
        return text + "\n"
    }

    /// A whole XML document, such as an SVG picture.
    package static func xml(_ root: MarkupNode) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        write(root, .xml, &text)
        return text + "\n"
    }

    /// Elements of HTML that have no end.
    private static let void: Set<String> = ["meta", "br", "hr", "col", "img", "input", "link"]
    /// Elements after whose start a line may break without changing what is shown.
    private static let roomy: Set<String> = [
        "html", "head", "body", "table", "thead", "tbody", "tr", "section", "svg", "g", "ul", "details", "main", "div",
    ]

    private static func write(_ node: MarkupNode, _ grammar: Grammar, _ text: inout String) {
        switch node {
        case .text(let content): escape(content, grammar, inAttribute: false, &text)
        case .element(let element): write(element, grammar, &text)
        }
    }

    private static func write(_ element: MarkupElement, _ grammar: Grammar, _ text: inout String) {
        text += "<" + element.name
        for attribute in element.attributes {
            text += " \(attribute.name)=\""
            escape(attribute.value, grammar, inAttribute: true, &text)
            text += "\""
        }
        if grammar == .html, void.contains(element.name) {
            text += ">"
            return
        }
        if let sheet = element.styleSheet {
            // In XML a style sheet is text like any other, in HTML it stands as it is and ends at the first `</`.
            text += ">"
            if grammar == .xml { escape(sheet, .xml, inAttribute: false, &text) } else { text += sheet }
            text += "</style>\n"
            return
        }
        if grammar == .xml, element.children.isEmpty {
            text += "/>\n"
            return
        }
        text += ">"
        if roomy.contains(element.name) { text += "\n" }
        for child in element.children { write(child, grammar, &text) }
        text += "</\(element.name)>"
        if roomy.contains(element.name) || element.name == "td" || element.name == "th" { text += "\n" }
    }

    private static func escape(_ content: String, _ grammar: Grammar, inAttribute: Bool, _ text: inout String) {
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"" where inAttribute: text += "&quot;"
            case "\n" where inAttribute: text += "&#10;"
            // Neither grammar has a way to write these.
            case _ where !isWritable(scalar): text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// The characters that an XML 1.0 document may hold; HTML may hold no others that matter.
    private static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD: true
        case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}
