package import LinkState
package import NFTables
package import NetworkTypes

/// The table `inet gabion-names` and the way through the TUN device: answers of name servers pass by the process that learns.
///
/// A table apart from the agent's: it is another process's, and neither may undo what the other wrote. It judges nothing: packets
/// come to the process when policies have let them pass, and go on from there as they came.
package enum NameTable {
    package static let name: Name = "gabion-names"
    package static let interface = LinkState.namesInterface
    /// The nflog group by which questions are heard.
    package static let group: UInt16 = 72
    package static let table = LinkState.Route.namesTable
    package static let mark = LinkState.Rule.Mark(0x6900_0000, mask: 0xFF00_0000)
    /// Before all others of ours: an answer may be for the overlay otherwise.
    package static let priority: UInt32 = 20
    package static let answers: Name = "answers"
    /// Whose answers pass by the process, by protocol; its elements go by themselves when it stands still.
    static let awake: Name = "awake"
    private static let awakeDefinition = SetDefinition(key: [.inetProtocol], flags: [.timeout, .dynamic])

    private static let families = IPAddress.Family.allCases

    package static func clients(_ family: IPAddress.Family) -> Name { "clients\(family.rawValue)" }
    package static func servers(_ family: IPAddress.Family) -> Name { "servers\(family.rawValue)" }

    /// - Parameters:
    ///   - clients: pods that mention names.
    ///   - servers: who is believed, by the addresses that pods ask.
    package static func table(clients: Set<IPAddress>, servers: Set<IPAddress>) -> Table {
        var table = Table(.inet, name, counters: [answers])
        table.sets = parties(clients: clients, servers: servers)
        table.sets[awake] = NamedSet(definition: awakeDefinition)
        let returned = Rule(
            id: "back from the process", .match(.inputInterface, .value(.interface("gabdns0"))), .notrack)
        table.chains["names_back"] = Chain(Chain.Base(.filter, .prerouting, priority: -290), rules: [returned])
        table.chains["names_prerouting"] = Chain(
            Chain.Base(.filter, .prerouting, priority: -150),
            rules: others + families.map(questions) + families.map(replies))
        table.chains["names_output"] = Chain(
            Chain.Base(.route, .output, priority: -150), rules: others + families.map(replies))
        return table
    }

    /// The sets of pods and of servers, by their names.
    package static func parties(clients: Set<IPAddress>, servers: Set<IPAddress>) -> [Name: NamedSet] {
        var sets: [Name: NamedSet] = [:]
        for family in families {
            func set(_ addresses: Set<IPAddress>) -> NamedSet {
                NamedSet(
                    .address(family), elements: ElementKey.addresses(addresses.filter { $0.family == family }))
            }
            sets[Self.clients(family)] = set(clients)
            sets[Self.servers(family)] = set(servers)
        }
        return sets
    }

    private static let transports: Set<ElementValue> = [.transport(.tcp), .transport(.udp)]

    /// Most packets end here.
    private static var others: [Rule] {
        [Rule(id: "no ports", .match(.layer4Protocol, .anyOf(transports), negated: true), .verdict(.accept))]
            + transports.sorted().map { transport in
                Rule(
                    id: "no names", .match(.layer4Protocol, .value(transport)),
                    .match(.originalDestinationPort, .value(.port(53)), negated: true), .verdict(.accept))
            }
    }

    /// Told whole and at once; they go on.
    private static func questions(_ family: IPAddress.Family) -> Rule {
        Rule(
            id: "questions", .match(.layer4Protocol, .value(.transport(.udp))), .conntrackDirection(.original),
            .lookup([.sourceAddress(family)], clients(family)),
            .lookup([.destinationAddress(family)], servers(family)), .log(group: group, prefix: "question"))
    }

    private static func replies(_ family: IPAddress.Family) -> Rule {
        Rule(
            id: "answers", .lookup([.layer4Protocol], awake),
            .conntrackDirection(.reply), .lookup([.originalSource(family)], clients(family)),
            .lookup([.originalDestination(family)], servers(family)), .namedCounter(answers),
            .setMark(mark.value))
    }

    /// What has answers pass by the process for so many milliseconds from now on.
    ///
    /// An element that is there is made anew: kernels before 6.12 leave its time as it is otherwise.
    package static func stayAwake(for lifetime: UInt64) -> Transaction {
        var transaction = Transaction(.inet, name)
        transaction.append(.flushElements(awake, awakeDefinition))
        let keys = transports.sorted().map { Transaction.Element(ElementKey($0), lifetime: lifetime) }
        transaction.append(.addElements(awake, awakeDefinition, keys))
        return transaction
    }

    // MARK: Routing

    package static var rules: [LinkState.Rule] {
        families.map { LinkState.Rule($0, priority: priority, mark: mark, table: table) }
    }

    package static var routes: [LinkState.Route] {
        families.compactMap { CIDR(IPAddress(family: $0, bits: 0), prefixLength: 0) }.map {
            LinkState.Route(to: $0, device: interface, table: table)
        }
    }
}
