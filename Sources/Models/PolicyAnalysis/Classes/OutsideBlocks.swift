package import NetworkTypes
package import PolicyEngine

/// The addresses outside of the cluster, cut into the blocks that rules can tell apart.
package struct OutsideBlocks: Sendable {
    /// Addresses that the same rules cover.
    package struct Group: Hashable, Sendable {
        package let family: IPAddress.Family
        /// Disjoint, ascending; empty for everywhere that no rule names.
        package let blocks: [CIDR]
        /// One that is no pod's and no node's: the one that is asked for all.
        package let representative: IPAddress
    }

    package let groups: [Group]

    /// Cut for all of these engines together, so that they can be compared.
    ///
    /// Blocks in which every address is a pod's or a node's are left out, and families that nothing in the cluster has.
    package init(of engines: [PolicyEngine], families: Set<IPAddress.Family>) {
        let networks = engines.flatMap(\.networkSets)
        groups = families.sorted { $0.rawValue < $1.rawValue }.flatMap { family in
            Self.sweep(networks, family).compactMap { signature, intervals in
                let address = Self.firstOutside(intervals, family, engines)
                return address.map { address in
                    let blocks = signature.isEmpty ? [] : intervals.flatMap { $0.blocks(family) }
                    return Group(family: family, blocks: blocks, representative: address)
                }
            }.sorted { ($0.blocks.isEmpty ? 1 : 0, $0.representative) < ($1.blocks.isEmpty ? 1 : 0, $1.representative) }
        }
    }

    /// Intervals of the address space by the networks that cover them.
    private static func sweep(_ networks: [[CIDR]], _ family: IPAddress.Family) -> [[Int]: [Interval]] {
        let last = IPAddress(family: family, bits: .max).bits
        var entering: [UInt128: [Int]] = [0: []]
        var leaving: [UInt128: [Int]] = [:]
        for (index, set) in networks.enumerated() {
            for network in set where network.family == family {
                entering[network.address.bits, default: []].append(index)
                let end = network.lastAddress.bits
                if end < last { leaving[end + 1, default: []].append(index) }
            }
        }
        let starts = Set(entering.keys).union(leaving.keys).sorted()
        var active: Set<Int> = []
        var found: [[Int]: [Interval]] = [:]
        for (place, start) in starts.enumerated() {
            active.subtract(leaving[start] ?? [])
            active.formUnion(entering[start] ?? [])
            let end = place + 1 < starts.count ? starts[place + 1] - 1 : last
            found[active.sorted(), default: []].append(Interval(first: start, last: end))
        }
        return found.mapValues(Interval.joined)
    }

    private static func firstOutside(
        _ intervals: [Interval], _ family: IPAddress.Family, _ engines: [PolicyEngine]
    ) -> IPAddress? {
        for interval in intervals {
            var bits = interval.first
            while true {
                let address = IPAddress(family: family, bits: bits)
                // Ends: only finitely many addresses are pods' or nodes'.
                if engines.allSatisfy({ $0.isOutside(address) }) { return address }
                if bits == interval.last { break }
                bits += 1
            }
        }
        return nil
    }
}

/// Consecutive addresses.
private struct Interval {
    let first: UInt128
    let last: UInt128

    static func joined(_ intervals: [Interval]) -> [Interval] {
        intervals.reduce(into: []) { result, next in
            if let before = result.last, before.last + 1 == next.first {
                result[result.count - 1] = Interval(first: before.first, last: next.last)
            } else {
                result.append(next)
            }
        }
    }

    /// The fewest networks that make up the interval.
    func blocks(_ family: IPAddress.Family) -> [CIDR] {
        var blocks: [CIDR] = []
        var start = first
        while true {
            let address = IPAddress(family: family, bits: start)
            var length = family.bitWidth
            while length > 0, let wider = CIDR(address, prefixLength: length - 1), wider.address == address,
                wider.lastAddress.bits <= last
            {
                length -= 1
            }
            guard let block = CIDR(address, prefixLength: length) else { return blocks }
            blocks.append(block)
            if block.lastAddress.bits == last { return blocks }
            start = block.lastAddress.bits + 1
        }
    }
}
