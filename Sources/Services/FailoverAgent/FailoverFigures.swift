import MetricsText
package import NetworkTypes

/// What `gabion failover` counts, for `/metrics`.
package struct FailoverFigures: Hashable, Sendable {
    /// On this node's interfaces.
    package private(set) var held: Set<IPAddress> = []
    package private(set) var taken: UInt64 = 0
    package private(set) var left: UInt64 = 0
    /// How often keepalived ended without being told to.
    package var restarts: UInt64 = 0
    /// What of all groups this node cannot do now.
    package var problems = 0
    /// The cluster has been read, and what it asks of this node could be tried.
    package var isReady = false

    package init() {}

    /// What is held from now on.
    package mutating func hold(_ addresses: Set<IPAddress>) {
        taken += UInt64(addresses.subtracting(held).count)
        left += UInt64(held.subtracting(addresses).count)
        held = addresses
    }

    /// The Prometheus text format.
    package var metrics: String {
        var lines = MetricsText(prefix: "gabion_failover_")
        lines.add("addresses_held", .gauge, held.count)
        lines.add("address_held", .gauge, held.sorted().map { ("{address=\"\($0)\"}", "1") })
        lines.add("addresses_taken_total", .counter, taken)
        lines.add("addresses_left_total", .counter, left)
        lines.add("keepalived_restarts_total", .counter, restarts)
        lines.add("problems", .gauge, problems)
        return lines.text
    }
}
