import NetworkTypes

/// Blocks for addresses that were seen.
///
/// Each address is a block of its own, unless at least `fewest` of one /24 (one /64 of IPv6) can share the smallest block
/// that has them all and nothing that is forbidden.
enum AddressBlocks {
    static let fewest = 8

    static func blocks(_ seen: Set<IPAddress>, without forbidden: Set<IPAddress>) -> [CIDR] {
        var groups: [CIDR: [IPAddress]] = [:]
        for address in seen {
            let width = address.family == .v4 ? 24 : 64
            guard let group = CIDR(address, prefixLength: width) else { continue }
            groups[group, default: []].append(address)
        }
        let obstacles = forbidden.subtracting(seen)
        return groups.flatMap { group, addresses in
            cover(addresses.sorted(), obstacles.filter { group.contains($0) })
        }.sorted()
    }

    /// - Parameter addresses: ascending, of one family.
    private static func cover(_ addresses: [IPAddress], _ obstacles: Set<IPAddress>) -> [CIDR] {
        guard addresses.count >= fewest, let block = smallestBlock(addresses), let halves = block.halves else {
            return addresses.map { CIDR(host: $0) }
        }
        if !obstacles.contains(where: { block.contains($0) }) { return [block] }
        return cover(addresses.filter { halves.0.contains($0) }, obstacles)
            + cover(addresses.filter { halves.1.contains($0) }, obstacles)
    }

    private static func smallestBlock(_ addresses: [IPAddress]) -> CIDR? {
        guard let first = addresses.first, let last = addresses.last else { return nil }
        let differing = 128 - (first.bits ^ last.bits).leadingZeroBitCount
        return CIDR(first, prefixLength: first.family.bitWidth - differing)
    }
}
