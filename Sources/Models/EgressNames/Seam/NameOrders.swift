package import ClusterAPI
package import NetworkTypes

/// What a node's agent asks of the process that learns names: `R/names.json`, replaced as a whole.
package struct NameOrders: Hashable, Sendable {
    /// A set of the kernel, and the selectors whose addresses are to be in it, all together.
    package struct KernelSet: Hashable, Sendable {
        package let v4: String
        package let v6: String
        package let selectors: Set<NameSelector>

        package init(v4: String, v6: String, selectors: Set<NameSelector>) {
            self.v4 = v4
            self.v6 = v6
            self.selectors = selectors
        }

        package func name(_ family: IPAddress.Family) -> String { family == .v4 ? v4 : v6 }
    }

    package struct Pod: Hashable, Sendable {
        package let key: ObjectKey
        package let addresses: [IPAddress]
        /// The names that its policies mention, staged ones too.
        package let selectors: Set<NameSelector>

        package init(key: ObjectKey, addresses: [IPAddress], selectors: Set<NameSelector>) {
            self.key = key
            self.addresses = addresses
            self.selectors = selectors
        }
    }

    package static let version = 1

    /// Grows with every writing: sets that were made anew have what the agent knew, and no more.
    package var revision: UInt64
    /// Ascending by name.
    package var sets: [KernelSet]
    /// Ascending by key.
    package var pods: [Pod]
    package var bounds: NameBounds
    /// Who is believed, by the addresses that pods ask.
    package var nameServers: [IPAddress]

    package init(
        revision: UInt64 = 0, sets: [KernelSet] = [], pods: [Pod] = [], bounds: NameBounds = NameBounds(),
        nameServers: [IPAddress] = []
    ) {
        self.revision = revision
        self.sets = sets
        self.pods = pods
        self.bounds = bounds
        self.nameServers = nameServers
    }

    /// Whether they ask for the same, whenever they were written.
    package func asksSame(as other: NameOrders) -> Bool {
        var same = other
        same.revision = revision
        return same == self
    }
}

extension NameOrders.KernelSet {
    /// What becomes different in the set when its selectors do.
    ///
    /// - Parameter names: after the change.
    package func change(_ delta: NameSetDelta, _ names: LearnedNames) -> (
        added: Set<IPAddress>, removed: Set<IPAddress>
    ) {
        var added: Set<IPAddress> = []
        var removed: Set<IPAddress> = []
        for selector in selectors {
            added.formUnion(delta.added[selector] ?? [])
            removed.formUnion(delta.removed[selector] ?? [])
        }
        removed = removed.filter { address in !selectors.contains { names.holds(address, of: $0) } }
        return (added, removed)
    }
}
