package import NFTables

/// Elements of a set that came and went.
///
/// An element may have done both, and then is there as before.
package struct ElementDelta: Hashable, Sendable {
    package var added: Set<ElementKey> = []
    package var removed: Set<ElementKey> = []

    package init() {}

    /// Adds what happened after this.
    mutating func formUnion(_ later: ElementDelta) {
        removed.formUnion(later.removed.subtracting(added))
        added.subtract(later.removed)
        added.formUnion(later.added)
    }
}
