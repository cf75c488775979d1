package import ClusterAPI

/// Whose word a node needs to hold its addresses.
///
/// Of three witnesses two, of two either, of none nobody's: with two nodes the others are one node and the API, and a node
/// alone has nobody who could take an address from it.
package struct WitnessQuorum: Hashable, Sendable {
    package let witnesses: [String]

    package init(_ witnesses: [String]) { self.witnesses = Set(witnesses).sorted() }

    package var needed: Int { witnesses.count <= 2 ? min(witnesses.count, 1) : witnesses.count / 2 + 1 }

    /// True when those that are left are too few, whatever they say.
    package func isImpossible(without silent: Set<String>) -> Bool {
        witnesses.count - silent.intersection(witnesses).count < needed
    }

    /// Until when the words of witnesses last, each counted from when what it acknowledges was sent.
    package func backed(_ acknowledged: [String: Int64], for lease: Int64) -> Int64 {
        if needed == 0 { return .max }
        let times = witnesses.compactMap { acknowledged[$0] }.sorted(by: >)
        return times.count < needed ? .min : times[needed - 1] + lease
    }
}

extension EgressNode {
    /// True when nothing that the node's process counted on when this version was written can back it any more.
    ///
    /// A process that has never claimed anything holds nothing.
    package func isFenced(apiIsSilent: Bool) -> Bool {
        guard let witnesses = status?.witnesses else { return heldAddresses.isEmpty }
        var silent = Set(status?.silentTo ?? [])
        silent.remove(Self.apiWitness)
        if apiIsSilent { silent.insert(Self.apiWitness) }
        return WitnessQuorum(witnesses).isImpossible(without: silent)
    }

    /// True when only the API's own word could decide: its Lease must be looked at.
    package var dependsOnLease: Bool { !isFenced(apiIsSilent: false) && isFenced(apiIsSilent: true) }
}
