package import NetworkTypes

/// Which node is to hold each address, and who is next.
///
/// Rendezvous hashing with bounded load: a node and an address have a score that depends on nothing else, and the best pair
/// that both still have room for comes first. So the same addresses and nodes give the same ranking everywhere, the
/// numbers of addresses that nodes hold differ by one at most, and a node that joins or leaves moves little else than what
/// it takes or leaves. The same holds again for the second places: what a node held is spread evenly when it fails.
package struct FailoverRanking: Sendable {
    /// The nodes of each address, the one that is to hold it first.
    package private(set) var nodes: [IPAddress: [String]] = [:]
    private let salt: String
    /// Behind so many places that are evenly spread, scores alone decide.
    private static let spreadPlaces = 3

    /// - Parameters:
    ///   - salt: other salts give other rankings.
    ///   - loads: how many addresses nodes have already.
    package init(
        _ addresses: some Sequence<IPAddress>, over nodes: some Sequence<String>, salt: String,
        loads: [String: Int] = [:]
    ) {
        self.salt = salt
        let addresses = Set(addresses).sorted()
        self.nodes = Dictionary(uniqueKeysWithValues: addresses.map { ($0, []) })
        place(addresses, over: Set(nodes).sorted(), loads, depth: 1)
    }

    private mutating func place(
        _ addresses: [IPAddress], over candidates: [String], _ loads: [String: Int], depth: Int
    ) {
        if addresses.isEmpty || candidates.isEmpty { return }
        guard depth <= Self.spreadPlaces, candidates.count > 1 else {
            for address in addresses {
                let order = candidates.map { (score($0, address), $0) }.sorted { $0 > $1 }
                nodes[address, default: []] += order.map(\.1)
            }
            return
        }
        let owned = spread(addresses, over: candidates, loads)
        var after = loads
        for (node, addresses) in owned { after[node, default: 0] += addresses.count }
        for (node, addresses) in owned {
            for address in addresses { nodes[address, default: []].append(node) }
            // As it would be without this node.
            place(addresses, over: candidates.filter { $0 != node }, after, depth: depth + 1)
        }
    }

    /// The addresses of each node: the best pairs first, no node above the level that all come to.
    private func spread(
        _ addresses: [IPAddress], over candidates: [String], _ loads: [String: Int]
    ) -> [(String, [IPAddress])] {
        var loads = loads
        var (level, extras) = Self.level(candidates.map { loads[$0] ?? 0 }, adding: addresses.count)
        var pairs: [(score: UInt64, node: String, address: IPAddress)] = []
        for address in addresses { for node in candidates { pairs.append((score(node, address), node, address)) } }
        pairs.sort { ($0.score, $0.node, $0.address) > ($1.score, $1.node, $1.address) }
        var owned: [String: [IPAddress]] = [:]
        var placed: Set<IPAddress> = []
        for pair in pairs where !placed.contains(pair.address) {
            let load = loads[pair.node] ?? 0
            guard load < level || load == level && extras > 0 else { continue }
            if load == level { extras -= 1 }
            loads[pair.node] = load + 1
            placed.insert(pair.address)
            owned[pair.node, default: []].append(pair.address)
        }
        return owned.sorted { $0.key < $1.key }
    }

    /// Up to where `count` more fill the loads from below, and how many then go one above it.
    static func level(_ loads: [Int], adding count: Int) -> (level: Int, extras: Int) {
        var level = loads.min() ?? 0
        var left = count
        while true {
            let below = loads.count { $0 <= level }
            if below == 0 || left < below { return (level, left) }
            left -= below
            level += 1
        }
    }

    private func score(_ node: String, _ address: IPAddress) -> UInt64 {
        var hash = (Array(salt.utf8) + [0] + address.bytes + Array(node.utf8)).fnv1a
        // FNV leaves what differs at the end in the low bits; every bit is to count (the finalizer of SplitMix64).
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
    }
}
