import Markup
import Testing

@Suite struct MarkupTests {
    private static let hostile = "</title><script>alert(\"&'\u{0}\u{1B}\")</script>"

    @Test("no text and no attribute can leave its place, in either grammar")
    func escaping() {
        let tree = MarkupNode.tag("p", [MarkupAttribute("title", Self.hostile)], text: Self.hostile)
        let inside = "&lt;/title&gt;&lt;script&gt;alert(\"&amp;'\u{FFFD}\u{FFFD}\")&lt;/script&gt;"
        let quoted = inside.replacing("\"", with: "&quot;")
        #expect(MarkupRenderer.html(tree) == "<!DOCTYPE html>\n<p title=\"\(quoted)\">\(inside)</p>\n")
        #expect(
            MarkupRenderer.xml(tree)
                == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p title=\"\(quoted)\">\(inside)</p>\n")
    }

    @Test("an empty element ends itself in XML, and has an end tag in HTML unless it is void")
    func emptyElements() {
        #expect(MarkupRenderer.xml(.tag("rect")).hasSuffix("<rect/>\n\n"))
        #expect(MarkupRenderer.html(.tag("p")).hasSuffix("<p></p>\n"))
        #expect(
            MarkupRenderer.html(.tag("meta", [MarkupAttribute("charset", "utf-8")])).hasSuffix("charset=\"utf-8\">\n"))
    }

    @Test("a style sheet stands as it is in HTML and is escaped in XML")
    func styleSheet() {
        #expect(MarkupRenderer.html(.style("a > b {}")).contains("<style>a > b {}</style>"))
        #expect(MarkupRenderer.xml(.style("a > b {}")).contains("<style>a &gt; b {}</style>"))
    }

    @Test("no text leaves its cell in Markdown, calls anybody, or becomes markup")
    func markdown() {
        let rows: [[[MarkdownInline]]] = [[[.text("a|b\n<i>*@team*")], [.code("x|`y")]]]
        let text = MarkdownBlock.render([
            .heading(3, [.text("#1")]), .table(header: ["A", "B"], rows: rows),
            .details(summary: [.strong("<b>")], [.paragraph([.text("in")])]),
        ])
        #expect(
            text == """
                ### \\#1

                | A | B |
                | --- | --- |
                | a\\|b &lt;i&gt;\\*&#64;team\\* | `` x\\|`y `` |

                <details><summary><b>&lt;b&gt;</b></summary>

                in

                </details>

                """)
    }
}
