package import LinkState
package import NFTables

/// What the kernel of one node must hold: the rules, the ARP guard, and links with routes and neighbours.
package struct Datapath: Hashable, Sendable {
    /// `inet gabion`.
    package var table: Table
    /// `arp gabion`.
    package var arpTable: Table
    /// The part of the links that depends on no pod.
    package var topologyLinks = LinkState()
    /// Each pod's part, by its interface.
    package var podLinks: [String: LinkState] = [:]

    package init(table: Table, arpTable: Table) {
        self.table = table
        self.arpTable = arpTable
    }

    /// All links with their routes, neighbours and settings.
    package var links: LinkState { Self.merged(topologyLinks, podLinks) }

    /// Of several routes to one address the last interface's is taken.
    static func merged(_ base: LinkState, _ pods: [String: LinkState]) -> LinkState {
        var links = base
        var routes: [LinkState.Route.Key: LinkState.Route] = [:]
        for (_, pod) in pods.sorted(by: { $0.key < $1.key }) {
            for route in pod.routes { routes[route.key] = route }
            links.links.merge(pod.links) { _, last in last }
            links.neighbours.formUnion(pod.neighbours)
            links.shapers.formUnion(pod.shapers)
            links.redirects.formUnion(pod.redirects)
            links.settings.merge(pod.settings) { _, last in last }
        }
        links.routes.formUnion(routes.values)
        return links
    }
}
