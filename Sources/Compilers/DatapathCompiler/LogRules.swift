package import NFTables

/// Rules that tell the agent about packets, by nflog: every drop, and every new connection of a pod.
///
/// Each place has a rate of its own, so that a flood in one hides nothing elsewhere and costs little; counters beside them
/// say how many packets there were in truth.
package enum LogRules {
    /// The nflog group.
    package static let group: UInt16 = 71
    /// The prefix of the first packets of connections; a drop's prefix begins with its counter's name, and goes on with
    /// the chain and the rule's id if a policy dropped it: `PacketReport` reads it.
    package static let newConnection = "new"
    /// Counts the connections that the log rule has seen.
    package static let newConnections: Name = "flow_new"

    static let newChain: Name = "log_new"
    /// Enough for IPv6 with an extension header and ports.
    private static let snapLength: UInt32 = 96
    private static let drops = Statement.Limit(20, per: .second, burst: 50)
    private static let connections = Statement.Limit(100, per: .second, burst: 200)

    /// Tells, counts and drops: where denied packets of a policy end.
    static func denial(_ name: DenialName, _ reason: String) -> Chain {
        let total = KernelNames.Drop.policy
        return Chain(rules: [
            log("\(total.rawValue) \(name.chain) \(reason)", drops),
            Rule(id: reason, .counter, .namedCounter(total.counter), .verdict(.drop)),
        ])
    }

    /// Tells, counts and drops (or refuses): where packets dropped for one of the fixed reasons end.
    static func drop(_ drop: KernelNames.Drop) -> Chain {
        Chain(
            rules: [log(drop.rawValue, drops)]
                + drop.ends.map { Rule(id: drop.rawValue, $0) })
    }

    /// Counts and tells.
    static var newConnectionChain: Chain {
        Chain(rules: [
            Rule(id: "new connections", .namedCounter(newConnections)), log(newConnection, connections),
        ])
    }

    private static func log(_ prefix: String, _ limit: Statement.Limit) -> Rule {
        Rule(id: "log \(prefix)", .limit(limit), .log(group: group, prefix: prefix, snapLength: snapLength))
    }
}
