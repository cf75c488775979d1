/// A whole table as it should be.
package struct Table: Hashable, Sendable {
    package enum Family: String, Hashable, Sendable, CaseIterable {
        case inet, ip, ip6, arp, netdev, bridge
    }

    package let family: Family
    package let name: Name
    package var chains: [Name: Chain]
    package var sets: [Name: NamedSet]
    package var maps: [Name: NamedMap]
    package var counters: Set<Name>

    package init(
        _ family: Family, _ name: Name, chains: [Name: Chain] = [:], sets: [Name: NamedSet] = [:],
        maps: [Name: NamedMap] = [:], counters: Set<Name> = []
    ) {
        self.family = family
        self.name = name
        self.chains = chains
        self.sets = sets
        self.maps = maps
        self.counters = counters
    }
}
