import MetricsText
package import NetworkTypes

/// What `gabion egress` counts, for `/metrics`.
package struct EgressFigures: Hashable, Sendable {
    /// On this node's interfaces, and let out of it.
    package private(set) var held: Set<IPAddress> = []
    /// What the ledger assigns to this node.
    package var assigned = 0
    /// A quorum of witnesses backs the node.
    package var isBacked = false
    package private(set) var taken: UInt64 = 0
    package private(set) var left: UInt64 = 0
    /// How often the node lost what it had claimed, most often with its backing.
    package var gaps = 0
    /// Milliseconds since each witness acknowledged anything; nil for one that never did.
    package var silences: [String: Int64?] = [:]
    /// By the drops' names.
    package var drops: [String: UInt64] = [:]
    /// Heartbeats from addresses that are not those of the nodes that they name.
    package var strangers = 0
    package var problems = 0
    /// Its own EgressNode has been read.
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
        var lines = MetricsText(prefix: "gabion_egress_")
        lines.add("addresses_held", .gauge, held.count)
        lines.add("address_held", .gauge, held.sorted().map { ("{address=\"\($0)\"}", "1") })
        lines.add("addresses_assigned", .gauge, assigned)
        lines.add("addresses_taken_total", .counter, taken)
        lines.add("addresses_left_total", .counter, left)
        lines.add("backed", .gauge, isBacked ? 1 : 0)
        lines.add("claims_lost_total", .counter, gaps)
        let witnesses = silences.sorted { $0.key < $1.key }
        lines.add(
            "witness_silence_seconds", .gauge,
            witnesses.map { name, silence in
                ("{witness=\"\(name)\"}", silence.map { "\(Double($0) / 1000)" } ?? "+Inf")
            })
        lines.add(
            "dropped_packets_total", .counter,
            drops.sorted { $0.key < $1.key }.map { ("{reason=\"\($0.key)\"}", "\($0.value)") })
        lines.add("strangers_total", .counter, strangers)
        lines.add("problems", .gauge, problems)
        return lines.text
    }
}
