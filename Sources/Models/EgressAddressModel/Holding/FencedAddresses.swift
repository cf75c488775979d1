package import NetworkTypes

/// The egress addresses that a node's fence is about: those that some node owns, and for a while those that none owns any more.
///
/// One that moves is out of one node's ledger before it is in another's, and may be nobody's for long. Whoever has not heard of it
/// yet still sends with it, as an agent does that stood still: to a fence that had forgotten the address it would be any other.
package struct FencedAddresses: Sendable {
    /// Milliseconds: longer than an agent goes without news, and no longer, since somebody may want the address for himself.
    package static let retention: Int64 = 600_000

    private var owned: Set<IPAddress> = []
    /// When an address was last somebody's.
    private var left: [IPAddress: Int64]

    /// - Parameter inherited: what the fence of an earlier process is about.
    package init(inherited: Set<IPAddress>, at now: Int64) {
        left = Dictionary(uniqueKeysWithValues: inherited.map { ($0, now) })
    }

    /// What the fence is to be about when nodes own these.
    package mutating func update(_ owned: Set<IPAddress>, at now: Int64) -> Set<IPAddress> {
        for address in self.owned.subtracting(owned) { left[address] = now }
        self.owned = owned
        left = left.filter { !owned.contains($0.key) && now < $0.value + Self.retention }
        return owned.union(left.keys)
    }
}
