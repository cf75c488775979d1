import ClusterAPI

/// Whose word a node's hold depends on: up to three other nodes, and the API where there are not so many.
package enum EgressWitnessChoice {
    /// - Parameters:
    ///   - members: the nodes whose process has run.
    ///   - lost: those that are silent now.
    package static func witnesses(of node: String, among members: [String], lost: Set<String>, now: [String])
        -> [String]
    {
        let others = members.filter { $0 != node }
        if others.isEmpty { return [] }
        if others.count < 3 { return (others + [EgressNode.apiWitness]).sorted() }
        // Those that it has stay while they are well; others by a score that depends on names only.
        let order = others.map { name in
            (lost.contains(name) ? 1 : 0, now.contains(name) ? 0 : 1, score(node, name), name)
        }.sorted { $0 < $1 }
        return order.prefix(3).map(\.3).sorted()
    }

    /// FNV-1a.
    private static func score(_ node: String, _ other: String) -> UInt64 {
        (node + "/" + other).utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
