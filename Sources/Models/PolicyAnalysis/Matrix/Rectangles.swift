/// Pairs as few products of sources and destinations.
package struct Rectangle: Hashable, Sendable {
    /// Ascending.
    package let from: [Int]
    package let to: [Int]

    /// Disjoint rectangles that cover exactly these pairs.
    static func covering(_ pairs: [(from: Int, to: Int)]) -> [Rectangle] {
        let bySource = joined(pairs.map { ($0.from, $0.to) }).map { Rectangle(from: $0.keys, to: $0.values) }
        let byDestination = joined(pairs.map { ($0.to, $0.from) }).map { Rectangle(from: $0.values, to: $0.keys) }
        return bySource.count <= byDestination.count ? bySource : byDestination
    }

    /// Keys that have the same values, together.
    private static func joined(_ pairs: [(Int, Int)]) -> [(keys: [Int], values: [Int])] {
        let values = Dictionary(grouping: pairs, by: \.0).mapValues { $0.map(\.1).sorted() }
        let keys = Dictionary(grouping: values.keys) { values[$0] ?? [] }
        return keys.map { (keys: $0.value.sorted(), values: $0.key) }.sorted {
            $0.keys.lexicographicallyPrecedes($1.keys)
        }
    }
}
