package import LinkState
package import NFTables

/// Which parts of a `Datapath` may differ from the one before; everything else is the same.
package struct DatapathDelta: Hashable, Sendable {
    package var chains: Set<Name> = []
    package private(set) var sets: Set<Name> = []
    /// Sets that existed before and exist now, and of which every change is known.
    package private(set) var elements: [Name: ElementDelta] = [:]
    package var maps: Set<Name> = []
    /// Keys of maps that existed before and exist now, where else nothing differs.
    package private(set) var mapKeys: [Name: Set<ElementKey>] = [:]
    package var arp = false
    /// Interfaces whose part of the links may differ.
    package var podLinks: Set<String> = []
    package var topologyLinks = false
    /// True if an address was given twice: then whose route counts is seen only in all of them.
    package var sharedAddresses = false

    package init() {}

    package var isEmpty: Bool { self == DatapathDelta() }

    package mutating func formUnion(_ other: DatapathDelta) {
        chains.formUnion(other.chains)
        for name in other.sets { changeSet(name) }
        for (name, change) in other.elements { changeElements(of: name, change) }
        maps.formUnion(other.maps)
        mapKeys.merge(other.mapKeys) { $0.union($1) }
        arp = arp || other.arp
        podLinks.formUnion(other.podLinks)
        topologyLinks = topologyLinks || other.topologyLinks
        sharedAddresses = sharedAddresses || other.sharedAddresses
    }

    /// Adds a pod's part of the links, to be made again.
    package mutating func retryLinks(of interface: String) { podLinks.insert(interface) }

    /// Records that anything about a set may differ.
    mutating func changeSet(_ name: Name) {
        sets.insert(name)
        elements[name] = nil
    }

    /// Records all that changed in a set that stays.
    mutating func changeElements(of name: Name, _ change: ElementDelta) {
        if !sets.contains(name) { elements[name, default: ElementDelta()].formUnion(change) }
    }

    /// Records that a map that stays may have another value, or none, at a key.
    mutating func changeElement(_ key: ElementKey, of map: Name) { mapKeys[map, default: []].insert(key) }

    /// The transaction between two versions of `inet gabion` that differ in nothing but what is named here: its cost
    /// is that of the named parts, whatever the size of the table.
    ///
    /// Counters of the table are not looked at: they never change.
    package func transaction(from old: Table, to new: Table) -> Transaction {
        var before = part(of: old)
        var after = part(of: new)
        for (name, change) in elements {
            guard let definition = new.sets[name]?.definition else { continue }
            before.sets[name] = NamedSet(definition: definition, elements: change.removed)
            after.sets[name] = NamedSet(definition: definition, elements: change.added)
        }
        for (name, keys) in mapKeys where !maps.contains(name) {
            before.maps[name] = old.maps[name]?.restricted(to: keys)
            after.maps[name] = new.maps[name]?.restricted(to: keys)
        }
        return Transaction.plan(from: before, to: after)
    }

    /// The changes between two versions of the links, at the cost of the named parts.
    package func linkChanges(from old: Datapath, to new: Datapath) -> [LinkChange] {
        if podLinks.isEmpty, !topologyLinks { return [] }
        if sharedAddresses { return LinkState.plan(from: old.links, to: new.links) }
        return LinkState.plan(from: part(of: old), to: part(of: new))
    }

    private func part(of datapath: Datapath) -> LinkState {
        var pods: [String: LinkState] = [:]
        for interface in podLinks { pods[interface] = datapath.podLinks[interface] }
        return Datapath.merged(topologyLinks ? datapath.topologyLinks : LinkState(), pods)
    }

    private func part(of table: Table) -> Table {
        var part = Table(table.family, table.name)
        for name in chains { part.chains[name] = table.chains[name] }
        for name in sets { part.sets[name] = table.sets[name] }
        for name in maps { part.maps[name] = table.maps[name] }
        return part
    }
}

extension NamedMap {
    fileprivate func restricted(to keys: Set<ElementKey>) -> NamedMap {
        var part = NamedMap(definition: definition)
        for key in keys { part.elements[key] = elements[key] }
        return part
    }
}
