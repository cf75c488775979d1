package import ClusterAPI

/// A value of a manifest that remembers its line.
package struct ManifestNode: Sendable {
    package enum Value: Sendable {
        /// Null, a flag, a number or a text.
        case scalar(JSONValue)
        case sequence([ManifestNode])
        /// In document order, keys unique.
        case mapping([Entry])
    }

    package struct Entry: Sendable {
        package let key: String
        /// The key's line.
        package let line: Int
        package let value: ManifestNode
    }

    /// From 1.
    package let line: Int
    package let value: Value

    package init(line: Int, value: Value) {
        self.line = line
        self.value = value
    }

    /// The member of a mapping; nil for anything else.
    package subscript(_ key: String) -> ManifestNode? { entry(key)?.value }

    func entry(_ key: String) -> Entry? {
        guard case .mapping(let entries) = value else { return nil }
        return entries.first { $0.key == key }
    }

    package var string: String? {
        guard case .scalar(.string(let text)) = value else { return nil }
        return text
    }

    package var elements: [ManifestNode]? {
        guard case .sequence(let elements) = value else { return nil }
        return elements
    }

    package var entries: [Entry]? {
        guard case .mapping(let entries) = value else { return nil }
        return entries
    }

    package var isNull: Bool {
        guard case .scalar(.null) = value else { return false }
        return true
    }

    /// The same document without lines.
    package var json: JSONValue {
        switch value {
        case .scalar(let scalar): scalar
        case .sequence(let elements): .array(elements.map(\.json))
        case .mapping(let entries): .object(Dictionary(entries.map { ($0.key, $0.value.json) }) { first, _ in first })
        }
    }

    /// The line of a field, or of the deepest part of the way to it that is written down.
    package func line(of path: some Sequence<ManifestStep>) -> Int {
        var node = self
        var line = line
        for step in path {
            switch (step, node.value) {
            case (.field(let name), .mapping):
                guard let entry = node.entry(name) else { return line }
                (line, node) = (entry.line, entry.value)
            case (.index(let index), .sequence(let elements)) where elements.indices.contains(index):
                node = elements[index]
                line = node.line
            default: return line
            }
        }
        return line
    }

    /// What a person would call this value: `the number 5`.
    var kindText: String {
        switch value {
        case .sequence: return "a list"
        case .mapping: return "an object"
        case .scalar(.null): return "nothing"
        case .scalar(.bool(let flag)): return "the flag \(flag)"
        case .scalar(.int(let number)): return "the number \(number)"
        case .scalar(.double(let number)): return "the number \(number)"
        case .scalar(.string(let text)): return "the text \"\(text)\""
        case .scalar: return "a document"
        }
    }
}
