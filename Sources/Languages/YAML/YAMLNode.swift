/// A YAML document as a tree, with comments; the renderer is the only place that writes YAML text.
package indirect enum YAMLNode: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    /// In this order.
    case mapping([YAMLEntry])
    case sequence([YAMLElement])
}

/// One key of a mapping; the comment stands above it, a line for each of its elements.
package struct YAMLEntry: Hashable, Sendable {
    package let key: String
    package let value: YAMLNode
    package let comment: [String]

    package init(_ key: String, _ value: YAMLNode, comment: [String] = []) {
        self.key = key
        self.value = value
        self.comment = comment
    }
}

/// One element of a sequence; the comment stands above it.
package struct YAMLElement: Hashable, Sendable {
    package let value: YAMLNode
    package let comment: [String]

    package init(_ value: YAMLNode, comment: [String] = []) {
        self.value = value
        self.comment = comment
    }
}

/// A document of a stream; the comment stands before everything else in it.
package struct YAMLDocument: Hashable, Sendable {
    package let root: YAMLNode
    package let comment: [String]

    package init(_ root: YAMLNode, comment: [String] = []) {
        self.root = root
        self.comment = comment
    }
}
