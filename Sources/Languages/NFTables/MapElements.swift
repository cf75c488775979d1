import HashTreeCollections

/// What the keys of a map lead to.
///
/// A change of a copy costs that change alone, however many elements there are: copies share all that is alike. An
/// agent keeps what the kernel has beside what it should have.
package struct MapElements: Hashable, Sendable {
    private var tree: TreeDictionary<ElementKey, NamedMap.Value>

    private init(tree: TreeDictionary<ElementKey, NamedMap.Value>) { self.tree = tree }

    package init() { tree = [:] }

    package init(_ elements: [ElementKey: NamedMap.Value]) { tree = TreeDictionary(uniqueKeysWithValues: elements) }

    package var count: Int { tree.count }
    package var isEmpty: Bool { tree.isEmpty }
    package var keys: some Sequence<ElementKey> { tree.keys }

    package subscript(key: ElementKey) -> NamedMap.Value? {
        get { tree[key] }
        set { tree[key] = newValue }
    }

    package mutating func removeValue(forKey key: ElementKey) -> NamedMap.Value? { tree.removeValue(forKey: key) }

    package func filter(
        _ isIncluded: ((key: ElementKey, value: NamedMap.Value)) throws -> Bool
    ) rethrows -> MapElements {
        MapElements(tree: try tree.filter { try isIncluded(($0.key, $0.value)) })
    }
}

extension MapElements: Sequence {
    package func makeIterator() -> some IteratorProtocol<(key: ElementKey, value: NamedMap.Value)> {
        tree.makeIterator()
    }
}

extension MapElements: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (ElementKey, NamedMap.Value)...) {
        tree = TreeDictionary(elements) { _, last in last }
    }
}
