/// A table as the kernel lists it.
package struct ObservedTable: Hashable, Sendable {
    package struct ObservedRule: Hashable, Sendable {
        /// The kernel's number of the rule within the table.
        package let handle: UInt64
        /// Nil for a rule that is not ours.
        package let comment: String?

        package init(handle: UInt64, comment: String?) {
            self.handle = handle
            self.comment = comment
        }
    }

    package struct ObservedChain: Hashable, Sendable {
        package var base: Chain.Base?
        package var rules: [ObservedRule]

        package init(base: Chain.Base?, rules: [ObservedRule] = []) {
            self.base = base
            self.rules = rules
        }
    }

    package struct Counter: Hashable, Sendable {
        package var packets: UInt64
        package var bytes: UInt64

        package init(packets: UInt64, bytes: UInt64) {
            self.packets = packets
            self.bytes = bytes
        }
    }

    package let family: Table.Family
    package let name: Name
    package var chains: [Name: ObservedChain]
    /// A set with a type or an element that this language does not know has an empty key type: it never equals one of
    /// ours, and a plan makes it anew.
    package var sets: [Name: NamedSet]
    package var maps: [Name: NamedMap]
    package var counters: [Name: Counter]
    /// Objects of kinds that this language does not have, as `kind name`; no plan touches them.
    package var foreign: [String]

    package init(_ family: Table.Family, _ name: Name) {
        self.family = family
        self.name = name
        chains = [:]
        sets = [:]
        maps = [:]
        counters = [:]
        foreign = []
    }
}
