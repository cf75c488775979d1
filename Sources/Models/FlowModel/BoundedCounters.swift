/// Counters by key, of which there are at most so many: those counted longest ago give way.
///
/// Each owner keeps its latest ones before any owner keeps its earlier ones, so that one with thousands pushes out its own.
struct BoundedCounters<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        var count: UInt64 = 0
        /// Ascending with each count.
        var turn: UInt64 = 0
    }

    private let capacity: Int
    private let owner: @Sendable (Key) -> String
    private var entries: [Key: Entry] = [:]
    private var turn: UInt64 = 0
    /// Counters that gave way.
    private(set) var evicted: UInt64 = 0

    /// - Parameter owner: whose a counter is.
    init(capacity: Int, owner: @escaping @Sendable (Key) -> String) {
        self.capacity = max(1, capacity)
        self.owner = owner
    }

    var counts: [(key: Key, count: UInt64)] { entries.map { ($0.key, $0.value.count) } }

    mutating func count(_ key: Key) {
        turn += 1
        if entries[key] == nil, entries.count >= capacity { evict() }
        entries[key, default: Entry()].count += 1
        entries[key]?.turn = turn
    }

    /// An eighth at once, so that it is rarely done.
    private mutating func evict() {
        let owned = Dictionary(grouping: entries, by: { owner($0.key) })
        let ranked = owned.values.flatMap { entries in
            entries.sorted { $0.value.turn > $1.value.turn }.enumerated().map {
                (rank: $0.offset, turn: $0.element.value.turn, key: $0.element.key)
            }
        }.sorted { ($0.rank, $1.turn) < ($1.rank, $0.turn) }
        for (_, _, key) in ranked.dropFirst(capacity - max(1, capacity / 8)) {
            entries[key] = nil
            evicted += 1
        }
    }
}
