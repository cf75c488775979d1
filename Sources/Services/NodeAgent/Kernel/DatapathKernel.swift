package import ConntrackDriver
package import LinkState
package import NFTables
package import NetworkTypes

/// The kernel as the agent needs it: say what is missing, make changes, show and end connections.
package protocol DatapathKernel: Sendable {
    /// What turns the kernel's table into `desired`; looks at the kernel.
    @concurrent func transaction(to desired: Table) async throws -> Transaction

    /// What turns routes, neighbours, settings and the overlay's link into `desired`; looks at the kernel. Pods'
    /// links are not part of it: who attached them removes them.
    @concurrent func linkChanges(to desired: LinkState) async throws -> [LinkChange]

    /// All of it, or none and an error.
    @concurrent func apply(_ transaction: Transaction) async throws

    /// Tries every change; returns those that failed. What was to be removed and is gone already is no failure.
    @concurrent func apply(_ changes: [LinkChange]) async -> [LinkFailure]

    /// Whether somebody else changed our tables, routes, rules or the overlay's link, or the node's addresses, since the
    /// last call; true rather than false when it cannot be told.
    @concurrent func wasChangedByOthers() async throws -> Bool

    /// What was dropped, by the names of `KernelNames.Drop`, since the tables were made.
    @concurrent func drops() async throws -> [String: DropCount]

    /// Of all protocols, or (where the kernel can tell them apart) of one.
    @concurrent func connections(of transport: TransportProtocol?) async throws -> [ConntrackEntry]

    /// Returns how many were still there.
    @concurrent func end(_ connections: [ConntrackEntry]) async throws -> Int

    /// The addresses of all interfaces here but those that never leave a link or the machine. Ours have none.
    @concurrent func localAddresses() async throws -> Set<IPAddress>

    /// The largest IP packet, in bytes, of the interface that carries the overlay: the named one, or the one that has
    /// `endpoint`. Nil if there is none.
    @concurrent func underlayMTU(endpoint: IPAddress, interface: String?) async throws -> Int?

    /// Removes everything of ours: tables, links (pods' too), routes, rules and neighbours.
    @concurrent func removeEverything() async throws
}

/// A change of links or routes that could not be made.
package struct LinkFailure: Hashable, Sendable, CustomStringConvertible {
    package let what: String
    package let reason: String

    package init(what: String, reason: String) {
        self.what = what
        self.reason = reason
    }

    package var description: String { "cannot \(what): \(reason)" }
}
