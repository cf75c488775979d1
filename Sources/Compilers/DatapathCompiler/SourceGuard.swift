import NFTables
import NetworkTypes

/// The chain before a frontend that only some networks may come to (`loadBalancerSourceRanges`), shared by all that lead to one
/// chain and let in the same.
///
/// What the networks are is in its set's name: other networks are another set, so a change costs what changed.
struct SourceGuard: Hashable {
    let family: IPAddress.Family
    /// Ascending, none inside another.
    let ranges: [CIDR]
    /// Where those go that are let in.
    let next: Name

    private var digest: String { ranges.map(\.description).joined(separator: ",").stableDigest }

    var name: Name { "from-\(digest)-\(next)-\(family.rawValue)" }
    var set: Name { "sources-\(digest)-\(family.rawValue)" }

    var chain: Chain {
        Chain(rules: [
            Rule(id: "let in", .lookup([.sourceAddress(family)], set), .verdict(.goto(next))),
            KernelNames.Drop.sourceRange.rule(),
        ])
    }

    var networks: NamedSet {
        NamedSet(.address(family), flags: .interval, elements: ElementKey.networks(ranges))
    }
}
