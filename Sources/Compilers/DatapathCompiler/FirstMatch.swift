import NetworkTypes

/// Lists of networks in an order, as disjoint ranges: in each, the first list that has its addresses is the same.
///
/// One lookup then does what one for each list did.
struct FirstMatch {
    struct Range {
        let first: IPAddress
        let last: IPAddress
        /// The place of the list.
        let list: Int
    }

    /// Ascending; neighbours of one list are one.
    let ranges: [Range]

    /// Only networks of one family.
    init(_ lists: [[CIDR]], _ family: IPAddress.Family) {
        let pieces = lists.enumerated().flatMap { index, networks in
            networks.filter { $0.family == family }.map { (network: $0, list: index) }
        }
        var walk = Walk()
        // Networks nest or are disjoint: a container comes before what it contains.
        for (network, list) in pieces.sorted(by: { ($0.network, $0.list) < ($1.network, $1.list) }) {
            walk.enter(network, list)
        }
        walk.close(before: nil)
        ranges = walk.ranges
    }
}

/// Through sorted networks, from the first address to the last.
private struct Walk {
    private(set) var ranges: [FirstMatch.Range] = []
    /// The networks that the walk is inside of, each with the first list that has what is left of it.
    private var open: [(last: IPAddress, list: Int)] = []
    /// What was walked over; nil before the first address and after the last.
    private var cursor: IPAddress?

    mutating func enter(_ network: CIDR, _ list: Int) {
        close(before: network.address)
        if let outer = open.last { emit(through: network.address.previous, outer.list) }
        cursor = network.address
        open.append((network.lastAddress, min(list, open.last?.list ?? list)))
    }

    /// Ends the networks that end before an address; all of them before nil.
    mutating func close(before address: IPAddress?) {
        while let inner = open.last, address.map({ inner.last < $0 }) ?? true {
            emit(through: inner.last, inner.list)
            open.removeLast()
        }
    }

    /// From the cursor on, if there is anything left.
    private mutating func emit(through last: IPAddress?, _ list: Int) {
        guard let first = cursor, let last, first <= last else { return }
        if let before = ranges.last, before.list == list, before.last.advanced(by: 1) == first {
            ranges[ranges.count - 1] = FirstMatch.Range(first: before.first, last: last, list: list)
        } else {
            ranges.append(FirstMatch.Range(first: first, last: last, list: list))
        }
        cursor = last.advanced(by: 1)
    }
}

extension IPAddress {
    /// Nil before the first of the family.
    fileprivate var previous: IPAddress? { bits == 0 ? nil : IPAddress(family: family, bits: bits - 1) }
}
