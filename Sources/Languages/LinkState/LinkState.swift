/// The network configuration of one namespace as far as it is ours: links, addresses, routes, rules, neighbours,
/// forwarding entries, shaping and settings.
///
/// A value both for what is wanted and for what was observed.
///
/// What is ours is known by its mark: links by the prefix `gab`; addresses, neighbours and forwarding entries by their
/// link or by protocol number 71; routes, rules and shaping by that number.
package struct LinkState: Hashable, Sendable {
    /// By name.
    package var links: [String: Link] = [:]
    package var addresses: Set<Address> = []
    package var routes: Set<Route> = []
    package var rules: Set<Rule> = []
    package var neighbours: Set<Neighbour> = []
    package var forwarding: Set<ForwardingEntry> = []
    /// At most one of a device.
    package var shapers: Set<Shaper> = []
    /// At most one of a device.
    package var redirects: Set<Redirect> = []
    /// Kernel settings by their path below `/proc/sys`, such as `net/ipv4/conf/gabvxlan/rp_filter`.
    ///
    /// What is not named stays as it is.
    package var settings: [String: String] = [:]

    package init() {}

    /// The protocol number (`rtm_protocol`) of our routes, rules, addresses and neighbours, and of our queues and filters.
    package static let protocolNumber: UInt8 = 71
    /// What the names of our interfaces begin with.
    package static let interfacePrefix = "gab"
    /// By this one answers of name servers come back that were learned from on their way: `docs/design/egress-names.md`.
    package static let namesInterface = "gabdns0"

    package mutating func add(_ link: Link) { links[link.name] = link }

    package var isEmpty: Bool { self == LinkState() }
}
