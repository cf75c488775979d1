package import NFTables

/// Which parts of a `Datapath` may differ from the one before; everything else is the same.
package struct DatapathDelta: Hashable, Sendable {
    package var chains: Set<Name> = []
    package var sets: Set<Name> = []
    package var maps: Set<Name> = []
    package var arp = false
    package var links = false

    package init() {}

    package var isEmpty: Bool { self == DatapathDelta() }

    package mutating func formUnion(_ other: DatapathDelta) {
        chains.formUnion(other.chains)
        sets.formUnion(other.sets)
        maps.formUnion(other.maps)
        arp = arp || other.arp
        links = links || other.links
    }

    /// The transaction between two versions of `inet gabion` that differ in nothing but what is named here: its cost
    /// is that of the named parts, whatever the size of the table.
    ///
    /// Counters of the table are not looked at: they never change.
    package func transaction(from old: Table, to new: Table) -> Transaction {
        Transaction.plan(from: part(of: old), to: part(of: new))
    }

    private func part(of table: Table) -> Table {
        var part = Table(table.family, table.name)
        for name in chains { part.chains[name] = table.chains[name] }
        for name in sets { part.sets[name] = table.sets[name] }
        for name in maps { part.maps[name] = table.maps[name] }
        return part
    }
}
