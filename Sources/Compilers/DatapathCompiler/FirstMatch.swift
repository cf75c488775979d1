import NetworkTypes

/// Lists of networks in an order, as disjoint ranges: in each, the first list that has its addresses is the same.
///
/// One lookup then does what one for each list did.
struct FirstMatch: Hashable {
    struct Range: Hashable {
        let first: IPAddress
        let last: IPAddress
        /// The place of the list.
        let list: Int
    }

    /// Ascending; neighbours of one list are one.
    private(set) var ranges: [Range] = []
    /// The networks that the walk is inside of, each with the first list that has what is left of it.
    private var open: [(last: IPAddress, list: Int)] = []
    /// What was walked over; nil before the first address and after the last.
    private var cursor: IPAddress?

    /// Only networks of one family.
    init(_ lists: [[CIDR]], _ family: IPAddress.Family) {
        let pieces = lists.enumerated().flatMap { index, networks in
            networks.filter { $0.family == family }.map { (network: $0, list: index) }
        }
        // Networks nest or are disjoint: a container comes before what it contains.
        for (network, list) in pieces.sorted(by: { ($0.network, $0.list) < ($1.network, $1.list) }) {
            close(before: network.address)
            if let outer = open.last { emit(through: network.address.previous, outer.list) }
            cursor = network.address
            open.append((network.lastAddress, min(list, open.last?.list ?? list)))
        }
        close(before: nil)
        open = []
        cursor = nil
    }

    /// Ends the networks that end before an address; all of them before nil.
    private mutating func close(before address: IPAddress?) {
        while let inner = open.last, address.map({ inner.last < $0 }) ?? true {
            emit(through: inner.last, inner.list)
            open.removeLast()
        }
    }

    /// From the cursor on, if there is anything left.
    private mutating func emit(through last: IPAddress?, _ list: Int) {
        guard let first = cursor, let last, first <= last else { return }
        if let before = ranges.last, before.list == list, before.last.next == first {
            ranges[ranges.count - 1] = Range(first: before.first, last: last, list: list)
        } else {
            ranges.append(Range(first: first, last: last, list: list))
        }
        cursor = last.next
    }

    static func == (left: FirstMatch, right: FirstMatch) -> Bool { left.ranges == right.ranges }

    func hash(into hasher: inout Hasher) { hasher.combine(ranges) }
}

extension IPAddress {
    /// Nil after the last address of the family.
    fileprivate var next: IPAddress? {
        let all = family == .v4 ? UInt128(UInt32.max) : .max
        return bits == all ? nil : IPAddress(family: family, bits: bits + 1)
    }

    /// Nil before the first.
    fileprivate var previous: IPAddress? { bits == 0 ? nil : IPAddress(family: family, bits: bits - 1) }
}
