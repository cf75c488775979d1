/// The way from the top of an object to one of its fields.
package struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case field(String)
        case index(Int)
    }

    package let steps: [Step]

    package init(_ steps: [Step] = []) { self.steps = steps }

    /// Reads `spec.ingress[0].ports`; in brackets, what is no number is a key: `data[a.b]`.
    package init(parsing text: String) {
        var steps: [Step] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.first == "[" {
                let content = rest.dropFirst().prefix { $0 != "]" }
                rest = rest.dropFirst(content.count + 2)
                steps.append(Int(content).map(Step.index) ?? .field(String(content)))
            } else {
                if rest.first == "." { rest = rest.dropFirst() }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                rest = rest.dropFirst(name.count)
                steps.append(.field(String(name)))
            }
        }
        self.steps = steps
    }

    package subscript(_ field: String) -> FieldPath { FieldPath(steps + [.field(field)]) }
    package subscript(_ index: Int) -> FieldPath { FieldPath(steps + [.index(index)]) }

    /// Whether one of the two leads to or through the other.
    func isInLine(with other: FieldPath) -> Bool { zip(steps, other.steps).allSatisfy { $0 == $1 } }

    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .field(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}
