import ClusterAPI

/// The simple JSONPath of printer columns: `.a.b`, `['a.b']`, `[0]`, `[*]`, and filters `[?(@.type=="Ready")]`.
struct JSONPath: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case member(String)
        case index(Int)
        case all
        /// Elements whose member path has a value.
        case filter([String], JSONValue)
    }

    let steps: [Step]

    /// Nil for what the grammar above does not have.
    init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
        if rest.hasPrefix("$") { rest.removeFirst() }
        var steps: [Step] = []
        while let character = rest.first {
            if character == "." {
                rest.removeFirst()
                let name = Self.name(&rest)
                if name.isEmpty {
                    guard rest.isEmpty || rest.first == "[" else { return nil }
                    continue
                }
                steps.append(name == "*" ? .all : .member(name))
            } else if character == "[" {
                guard let step = Self.bracket(&rest) else { return nil }
                steps.append(step)
            } else {
                return nil
            }
        }
        self.steps = steps
    }

    /// A member name up to the next step; a backslash protects a dot.
    private static func name(_ rest: inout Substring) -> String {
        var name = ""
        while let character = rest.first, character != ".", character != "[" {
            rest.removeFirst()
            if character == "\\", let next = rest.first {
                rest.removeFirst()
                name.append(next)
            } else {
                name.append(character)
            }
        }
        return name
    }

    private static func bracket(_ rest: inout Substring) -> Step? {
        if rest.hasPrefix("[?(@") {
            guard let end = rest.firstRange(of: ")]") else { return nil }
            let inside = rest[rest.index(rest.startIndex, offsetBy: 4)..<end.lowerBound]
            rest = rest[end.upperBound...]
            return filter(String(inside))
        }
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        if inside == "*" { return .all }
        if let index = Int(inside) { return .index(index) }
        return unquoted(String(inside)).map(Step.member)
    }

    private static func filter(_ text: String) -> Step? {
        guard let equals = text.firstRange(of: "==") else { return nil }
        let path = text[..<equals.lowerBound].trimmed.split(separator: ".").map(String.init)
        let literal = text[equals.upperBound...].trimmed
        if let quoted = unquoted(literal) { return .filter(path, .string(quoted)) }
        if let number = Int64(literal) { return .filter(path, .int(number)) }
        return Bool(literal).map { .filter(path, .bool($0)) }
    }

    private static func unquoted(_ text: String) -> String? {
        guard text.count >= 2, let quote = text.first, quote == "'" || quote == "\"", text.last == quote else {
            return nil
        }
        return String(text.dropFirst().dropLast())
    }

    /// All values at the path, in the document's order; members of objects in the order of their names.
    func values(in document: JSONValue) -> [JSONValue] {
        steps.reduce([document]) { values, step in values.flatMap { Self.values(of: step, in: $0) } }
    }

    private static func values(of step: Step, in value: JSONValue) -> [JSONValue] {
        switch step {
        case .member(let name): return value[name].map { [$0] } ?? []
        case .index(let index):
            guard let elements = value.array else { return [] }
            let position = index < 0 ? elements.count + index : index
            return elements.indices.contains(position) ? [elements[position]] : []
        case .all: return value.array ?? value.object?.sorted { $0.key < $1.key }.map(\.value) ?? []
        case .filter(let path, let wanted):
            return (value.array ?? []).filter { element in
                path.reduce(element) { $0?[$1] } == wanted
            }
        }
    }
}
