package import ClusterAPI
package import NetworkTypes

/// The lists of an EgressNode as addresses; texts that are none are nobody's.
extension EgressNode {
    package var assigned: Set<IPAddress> { Self.addresses(addresses) }
    package var leaving: Set<IPAddress> { Self.addresses(releasing) }
    /// What nobody else may hold.
    package var owned: Set<IPAddress> { assigned.union(leaving) }
    /// What its process may have in its kernel.
    package var heldAddresses: Set<IPAddress> { Self.addresses((status?.held ?? []).map(\.address)) }

    private static func addresses(_ texts: [String]) -> Set<IPAddress> { Set(texts.compactMap { IPAddress($0) }) }
}
