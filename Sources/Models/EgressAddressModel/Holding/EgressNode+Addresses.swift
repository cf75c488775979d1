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

    /// A number that grows with each write; nil for a text that is none, of which no order is known.
    package var version: UInt64? { metadata.resourceVersion.flatMap { UInt64($0) } }

    /// Whether this is an earlier state than another of the same object.
    package func isOlder(than other: EgressNode) -> Bool {
        guard metadata.uid == other.metadata.uid, let version, let later = other.version else { return false }
        return version < later
    }

    private static func addresses(_ texts: [String]) -> Set<IPAddress> { Set(texts.compactMap { IPAddress($0) }) }
}
