import EgressNames
import Testing

@Suite("Rules with names, in order")
struct NamedRulesTests {
    /// `+` allows, `-` denies; `#` has ports; `range`, `all`, or a name.
    static let cases: [(rules: [String], isOpen: Bool, told: [String])] = [
        // What a name opens needs nothing else.
        (["+ a.example"], true, ["0: a.example."]),
        (["+# a.example", "- all"], true, ["0: a.example."]),
        // A denied name is kept from later ones, where nothing else opens addresses.
        (["- a.example", "+ *.example", "- all"], true, ["0: kept", "1: *.example. but a.example."]),
        (["- a.example", "+ *.example"], false, ["0: kept", "1: *.example. but a.example."]),
        (["+ *.example", "- a.example", "- all"], true, ["0: *.example.", "1: kept"]),
        // Otherwise nobody could enforce it.
        (["- a.example", "+ *.example"], true, ["0: open at its end", "1: *.example."]),
        (["- a.example"], true, ["0: open at its end"]),
        (["- a.example", "+ range", "- all"], true, ["0: opened by 1"]),
        (["- a.example", "- range", "+ all"], false, ["0: opened by 2"]),
        (["-# a.example", "+ *.example", "- all"], true, ["0: ports", "1: *.example."]),
        (["- a.example", "-# all"], true, ["0: open at its end"]),
        // What was opened before it, or comes after everything, makes no difference to it.
        (["+ range", "- a.example", "- all"], true, ["1: kept"]),
        (["- all", "- a.example", "+ range"], true, ["1: kept"]),
        (["- a.example", "- all", "+ range"], true, ["0: kept"]),
    ]

    @Test("open what they allow, and deny names only where that can be enforced", arguments: cases)
    func lists(rules: [String], isOpen: Bool, told: [String]) throws {
        let read = NamedRules(try rules.map(Self.rule), isOpenAtEnd: isOpen)
        var lines: [String] = []
        for (place, text) in rules.enumerated() where !text.hasSuffix("range") && !text.hasSuffix("all") {
            if let problem = read.problems[place] {
                switch problem {
                case .deniedPorts: lines.append("\(place): ports")
                case .openAtEnd: lines.append("\(place): open at its end")
                case .openedByAddress(let rule): lines.append("\(place): opened by \(rule)")
                }
                #expect("\(problem)".hasPrefix("a name cannot be denied "))
            } else if let selector = read.selectors[place] {
                let but = selector.exceptions.map { " but \($0)" }.sorted().joined()
                lines.append("\(place): \(selector.pattern)\(but)")
            } else {
                lines.append("\(place): kept")
            }
        }
        #expect(lines == told)
    }

    private static func rule(_ text: String) throws -> NamedRules.Rule {
        let words = text.split(separator: " ")
        let target: NamedRules.Target =
            switch words[1] {
            case "range": .addresses
            case "all": .everything
            default: .name(try #require(NamePattern(words[1])))
            }
        return NamedRules.Rule(isAllowing: words[0].first == "+", target, hasPorts: words[0].last == "#")
    }

    @Test("a denied name is not among those of a later pattern")
    func exceptions() throws {
        let rules = try ["- a.example.com", "- *.b.example.com", "+ **.example.com"].map(Self.rule)
        let selector = try #require(NamedRules(rules, isOpenAtEnd: false).selectors[2])
        for name in ["c.example.com", "x.y.b.example.com", "b.example.com"] {
            #expect(selector.matches(try Texts.name(name)), "\(name)")
        }
        for name in ["a.example.com", "A.Example.com", "x.b.example.com", "example.com"] {
            #expect(!selector.matches(try Texts.name(name)), "\(name)")
        }
    }
}
