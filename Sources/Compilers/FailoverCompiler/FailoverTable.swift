package import FailoverModel
package import NFTables
import NetworkTypes

/// The table `inet gabion-failover`: who may speak VRRP to this node, and what the node answers at the addresses.
///
/// A table apart from the agent's: it is another process's, and neither may undo what the other wrote.
package enum FailoverTable {
    package static let name: Name = "gabion-failover"
    /// VRRP from somebody who is no peer.
    package static let strangerCounter: Name = "drop_vrrp_stranger"
    /// To a port of an address that its group does not open.
    package static let closedCounter: Name = "drop_closed_port"

    private static let families = IPAddress.Family.allCases
    private static let vrrp = Statement.match(.layer4Protocol, .value(.protocolNumber(112)))

    /// Nil for a node without addresses that could come to it.
    package static func table(_ local: LocalFailover) -> Table? {
        guard !local.instances.isEmpty else { return nil }
        var table = Table(.inet, name, counters: [strangerCounter, closedCounter])
        for family in families {
            let instances = local.instances.filter { $0.address.family == family }
            let type = DataType.address(family)
            table.sets[peers(family)] = NamedSet(type, elements: ElementKey.addresses(instances.flatMap(\.peers)))
            table.sets[ends(family)] = NamedSet(type, elements: ElementKey.addresses(ends(of: instances)))
            table.sets[virtual(family)] = NamedSet(type, elements: ElementKey.addresses(instances.map(\.address)))
            let open = local.openPorts.filter { $0.address.family == family }.map { port in
                ElementKey(.address(port.address), .transport(port.transport, family), .port(port.port))
            }
            table.sets[ports(family)] = NamedSet(type, .inetProtocol, .inetService, elements: Set(open))
        }
        table.chains["failover_input"] = Chain(
            Chain.Base(.filter, .input, priority: -20), rules: families.flatMap(strangers) + families.flatMap(closed))
        return table
    }

    /// Where VRRP for this node's keepalived goes: its own addresses, and for those without a peer the group address.
    private static func ends(of instances: [LocalFailover.Instance]) -> Set<IPAddress> {
        Set(instances.map { $0.peers.isEmpty ? multicast($0.address.family) : $0.source })
    }

    private static func multicast(_ family: IPAddress.Family) -> IPAddress {
        family == .v4
            ? IPAddress(v4: 0xE000_0012) : IPAddress(family: .v6, bits: UInt128(0xFF02) << 112 | 0x12)
    }

    private static func strangers(_ family: IPAddress.Family) -> [Rule] {
        [
            Rule(
                id: strangerCounter.text, vrrp, .lookup([.destinationAddress(family)], ends(family)),
                .lookup([.sourceAddress(family)], peers(family), negated: true), .namedCounter(strangerCounter),
                .verdict(.drop))
        ]
    }

    /// What services take has another destination by now; answers to what the node itself asked for are its own.
    private static func closed(_ family: IPAddress.Family) -> [Rule] {
        let toAddress = Statement.lookup([.destinationAddress(family)], virtual(family))
        return [
            Rule(
                id: "ping", toAddress, .match(.layer4Protocol, .value(.transport(.icmp, family))), .verdict(.accept)),
            Rule(
                id: "open ports",
                .lookup([.destinationAddress(family), .layer4Protocol, .destinationPort], ports(family)),
                .verdict(.accept)),
            Rule(
                id: "answers", toAddress, .conntrackState([.established, .related]), .conntrackDirection(.reply),
                .verdict(.accept)),
            Rule(id: closedCounter.text, toAddress, .namedCounter(closedCounter), .verdict(.drop)),
        ]
    }

    private static func peers(_ family: IPAddress.Family) -> Name { "vrrp_peers\(family.rawValue)" }
    private static func ends(_ family: IPAddress.Family) -> Name { "vrrp_ends\(family.rawValue)" }
    private static func virtual(_ family: IPAddress.Family) -> Name { "addresses\(family.rawValue)" }
    private static func ports(_ family: IPAddress.Family) -> Name { "open_ports\(family.rawValue)" }
}
