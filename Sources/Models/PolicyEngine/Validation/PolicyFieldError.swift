/// A field of a policy that the Kubernetes API would refuse.
package struct PolicyFieldError: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `spec.ingress[0].ports[1].endPort`.
    package let path: FieldPath
    /// The kind of error, the value and the reason, in the API server's form: `Invalid value: 79: must be …`.
    package let message: String

    package init(path: FieldPath, message: String) {
        self.path = path
        self.message = message
    }

    package var description: String { "\(path): \(message)" }

    package static func < (left: PolicyFieldError, right: PolicyFieldError) -> Bool {
        (left.path.description, left.message) < (right.path.description, right.message)
    }

    static func invalid(_ path: FieldPath, _ value: some CustomStringConvertible, _ reason: String) -> Self {
        Self(path: path, message: "Invalid value: \(value is String ? "\"\(value)\"" : "\(value)"): \(reason)")
    }

    static func required(_ path: FieldPath, _ reason: String) -> Self {
        Self(path: path, message: "Required value\(reason.isEmpty ? "" : ": \(reason)")")
    }

    static func forbidden(_ path: FieldPath, _ reason: String) -> Self {
        Self(path: path, message: "Forbidden: \(reason)")
    }

    static func unsupported(_ path: FieldPath, _ value: String, _ supported: [String]) -> Self {
        let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return Self(path: path, message: "Unsupported value: \"\(value)\": supported values: \(list)")
    }
}

/// The way from the top of an object to one of its fields.
package struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case field(String)
        case index(Int)
    }

    package let steps: [Step]

    package init(_ steps: [Step] = []) { self.steps = steps }

    subscript(_ field: String) -> FieldPath { FieldPath(steps + [.field(field)]) }
    subscript(_ index: Int) -> FieldPath { FieldPath(steps + [.index(index)]) }

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
