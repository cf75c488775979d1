package import NetworkTypes

/// What a set contains and a map is looked up by: one value, or the concatenation of several.
package struct ElementKey: Hashable, Sendable, Comparable {
    package let first: ElementValue
    /// The further parts of a concatenation; empty for a simple key.
    package let rest: [ElementValue]

    package init(_ first: ElementValue, _ rest: ElementValue...) {
        self.first = first
        self.rest = rest
    }

    /// Nil for no values.
    package init?(_ values: [ElementValue]) {
        guard let first = values.first else { return nil }
        self.first = first
        rest = Array(values.dropFirst())
    }

    package var values: [ElementValue] { [first] + rest }

    package var types: [DataType] { [first.type] + rest.map(\.type) }

    /// The networks as keys that do not overlap: one that lies inside another is left out, because the kernel refuses
    /// overlapping intervals in a set.
    package static func networks(_ networks: some Sequence<CIDR>) -> Set<ElementKey> {
        var result: Set<ElementKey> = []
        var covering: CIDR?
        for network in networks.sorted() {
            if let covering, covering.contains(network) { continue }
            covering = network
            result.insert(ElementKey(.network(network)))
        }
        return result
    }

    package static func addresses(_ addresses: some Sequence<IPAddress>) -> Set<ElementKey> {
        Set(addresses.map { ElementKey(.address($0)) })
    }

    package static func < (left: ElementKey, right: ElementKey) -> Bool {
        if left.first != right.first { return left.first < right.first }
        return left.rest.lexicographicallyPrecedes(right.rest)
    }
}
