package import LinkState
package import NFTables

/// What the kernel of one node must hold: the rules, the ARP guard, and links with routes and neighbours.
package struct Datapath: Hashable, Sendable {
    /// `inet gabion`.
    package var table: Table
    /// `arp gabion`.
    package var arpTable: Table
    package var links: LinkState

    package init(table: Table, arpTable: Table, links: LinkState) {
        self.table = table
        self.arpTable = arpTable
        self.links = links
    }
}
