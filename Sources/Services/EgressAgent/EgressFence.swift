package import NFTables
package import NetworkTypes

/// The tables `inet gabion-egress` and `arp gabion-egress`: nothing of an egress address leaves a node that does not hold it,
/// whoever sends it, and however its process is.
///
/// What is held is in sets whose elements go by themselves. Apart from the agent's table, which belongs to another process.
package enum EgressFence {
    package static let name: Name = "gabion-egress"
    /// Out of the node with a source that it does not hold.
    package static let fencedCounter: Name = "drop_egress_fenced"
    /// A new connection to an egress address.
    package static let inboundCounter: Name = "drop_egress_inbound"

    private static let families = IPAddress.Family.allCases
    /// Neither to pods nor to other nodes through the overlay.
    private static let ownInterfaces = InterfacePattern(prefix: "gab")

    /// Filled by nobody but `hold`, so plans leave it alone.
    private static func definition(_ family: IPAddress.Family) -> SetDefinition {
        SetDefinition(key: [.address(family)], flags: [.timeout, .dynamic])
    }

    /// - Parameter addresses: the egress addresses of all nodes.
    package static func tables(_ addresses: Set<IPAddress>) -> [Table] { [inet(addresses), arp(addresses)] }

    /// Which egress addresses the `inet` table knows.
    static func addresses(of table: ObservedTable) -> Set<IPAddress> {
        families.reduce(into: []) { found, family in
            for key in table.sets[egress(family)]?.elements ?? [] {
                found.formUnion(key.values.map { IPAddress(family: family, bits: $0.low) })
            }
        }
    }

    private static func inet(_ addresses: Set<IPAddress>) -> Table {
        var table = Table(.inet, name, counters: [fencedCounter, inboundCounter])
        for family in families {
            table.sets[egress(family)] = NamedSet(
                .address(family), elements: ElementKey.addresses(addresses.filter { $0.family == family }))
            table.sets[held(family)] = NamedSet(definition: definition(family))
        }
        // Behind the translation of sources.
        table.chains["egress_out"] = Chain(
            Chain.Base(.filter, .postrouting, priority: 300), rules: families.map(out))
        table.chains["egress_in"] = Chain(Chain.Base(.filter, .input, priority: -20), rules: families.flatMap(inbound))
        return table
    }

    private static func out(_ family: IPAddress.Family) -> Rule {
        var statements: [Statement] = [
            .lookup([.sourceAddress(family)], egress(family)),
            .lookup([.sourceAddress(family)], held(family), negated: true),
        ]
        if let ownInterfaces {
            statements.append(.match(.outputInterface, .value(.interface(ownInterfaces)), negated: true))
        }
        return Rule(id: fencedCounter.text, statements + [.namedCounter(fencedCounter), .verdict(.drop)])
    }

    /// What services take has another destination by now.
    private static func inbound(_ family: IPAddress.Family) -> [Rule] {
        let toAddress = Statement.lookup([.destinationAddress(family)], egress(family))
        var rules = [
            Rule(
                id: "answers", toAddress, .lookup([.destinationAddress(family)], held(family)),
                .conntrackState([.established, .related]), .verdict(.accept))
        ]
        if family == .v6 {
            // Neighbours ask the address itself whether it is still there.
            rules.append(
                Rule(
                    id: "neighbours", toAddress, .lookup([.destinationAddress(family)], held(family)),
                    .match(.layer4Protocol, .value(.transport(.icmp, family))), .icmpv6Type([135, 136]),
                    .verdict(.accept)))
        }
        return rules + [Rule(id: inboundCounter.text, toAddress, .namedCounter(inboundCounter), .verdict(.drop))]
    }

    private static func arp(_ addresses: Set<IPAddress>) -> Table {
        var table = Table(.arp, name, counters: [fencedCounter])
        table.sets[egress(.v4)] = NamedSet(
            .address(.v4), elements: ElementKey.addresses(addresses.filter { $0.family == .v4 }))
        table.sets[held(.v4)] = NamedSet(definition: definition(.v4))
        for (chain, hook, field) in [
            ("egress_arp_in", .input, .arpTargetAddress), ("egress_arp_out", .output, .arpSenderAddress),
        ] as [(Name, Chain.Base.Hook, Field)] {
            table.chains[chain] = Chain(
                Chain.Base(.filter, hook, priority: 0),
                rules: [
                    Rule(
                        id: fencedCounter.text, .lookup([field], egress(.v4)),
                        .lookup([field], held(.v4), negated: true),
                        .namedCounter(fencedCounter), .verdict(.drop))
                ])
        }
        return table
    }

    /// What lets these out for so many milliseconds, and nothing else.
    ///
    /// An element that is there is made anew: kernels before 6.12 leave its time as it is otherwise.
    package static func hold(_ addresses: Set<IPAddress>, for lifetime: UInt64) -> [Transaction] {
        let places: [(Table.Family, IPAddress.Family)] = [(.inet, .v4), (.inet, .v6), (.arp, .v4)]
        var transactions: [Table.Family: Transaction] = [:]
        for (table, family) in places {
            let (set, definition) = (held(family), definition(family))
            let keys = ElementKey.addresses(addresses.filter { $0.family == family }).sorted()
            var transaction = transactions[table] ?? Transaction(table, name)
            transaction.append(.flushElements(set, definition))
            if !keys.isEmpty {
                transaction.append(
                    .addElements(set, definition, keys.map { Transaction.Element($0, lifetime: lifetime) }))
            }
            transactions[table] = transaction
        }
        return [transactions[.inet], transactions[.arp]].compactMap(\.self)
    }

    private static func egress(_ family: IPAddress.Family) -> Name { "egress\(family.rawValue)" }
    private static func held(_ family: IPAddress.Family) -> Name { "held\(family.rawValue)" }
}
