/// One fault of a manifest, with the place where a person finds it.
package struct ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file as it was named, or `-` for standard input.
    package let file: String
    /// From 1; nil when the fault is the file's own.
    package let line: Int?
    /// `Pod a/b`; nil when no object could be recognised.
    package let object: String?
    /// `spec.ingress[0].ports[1].port`; nil when the fault is not a field's.
    package let field: String?
    package let message: String

    package init(file: String, line: Int? = nil, object: String? = nil, field: String? = nil, message: String) {
        self.file = file
        self.line = line
        self.object = object
        self.field = field
        self.message = message
    }

    /// `file:line: kind ns/name: field: message`, without the parts that are not known.
    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return [place, object, field, message].compactMap(\.self).joined(separator: ": ")
    }
}

/// Everything that is wrong with a set of manifests; never empty.
package struct ManifestErrors: Error, Hashable, Sendable, CustomStringConvertible {
    package let errors: [ManifestError]

    package init(_ errors: [ManifestError]) { self.errors = errors }

    package var description: String { errors.map(\.description).joined(separator: "\n") }
}
