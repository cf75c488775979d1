/// What a field of a built-in kind holds.
indirect enum FieldShape: Hashable, Sendable {
    /// Anything, kept as it is.
    case any
    case text
    case integer
    case number
    case flag
    case intOrText
    /// RFC 3339.
    case time
    case map(FieldShape)
    case list(FieldShape, ListMerge = .atomic)
    /// A type of `TypeTable` by name.
    case type(String)
    /// An object of this shape, or anything that is no object.
    case objectOr(FieldShape)
    /// The whole manifest of another object, which says itself of which kind it is.
    case manifest

    static let texts = FieldShape.list(.text)

    /// A list of a named type, replaced whole by a strategic patch.
    static func list(_ type: String) -> FieldShape { .list(.type(type)) }

    /// A list of a named type whose elements a strategic patch finds by a member.
    static func list(_ type: String, by key: String) -> FieldShape { .list(.type(type), .keyed(key)) }
}

/// How a strategic merge patch treats a list (`patchStrategy` and `patchMergeKey` of the Go types).
enum ListMerge: Hashable, Sendable {
    /// Replaced whole.
    case atomic
    /// A set of primitives: new ones are added.
    case set
    /// Elements with the same value of this member merge.
    case keyed(String)
}
