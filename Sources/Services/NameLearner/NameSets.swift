package import EgressNames
package import NFTables
package import NFTablesDriver
import NetworkTypes

/// The sets of addresses in the kernel: the agent makes them, the learner fills them.
package struct NameSets: Sendable {
    private let driver: NFTablesDriver
    private let table: Name
    private var sets: [NameOrders.KernelSet] = []
    private var places: [NameSelector: [Int]] = [:]

    package init(_ driver: NFTablesDriver, table: Name) {
        self.driver = driver
        self.table = table
    }

    package var count: Int { sets.count }

    package mutating func obey(_ orders: NameOrders) {
        sets = orders.sets
        places = [:]
        for (place, set) in sets.enumerated() {
            for selector in set.selectors { places[selector, default: []].append(place) }
        }
    }

    /// Makes every set contain what its selectors do; sets that are not there are the agent's to make.
    package func equalize(to names: LearnedNames) throws {
        let contents = names.contents
        for set in sets {
            let wanted = set.selectors.reduce(into: Set<IPAddress>()) { $0.formUnion(contents[$1] ?? []) }
            for family in IPAddress.Family.allCases {
                let name = Name(set.name(family))
                let definition = Self.definition(family)
                guard let present = try driver.elements(of: name, definition, in: table, .inet) else { continue }
                let keys = ElementKey.addresses(wanted.filter { $0.family == family })
                var transaction = Transaction(.inet, table)
                transaction.delete(present.subtracting(keys), from: name, definition)
                transaction.add(keys.subtracting(present), to: name, definition)
                try apply(transaction, to: name, definition)
            }
        }
    }

    /// Makes the sets follow what became different in their selectors.
    package func follow(_ deltas: [NameSetDelta], _ names: LearnedNames) throws {
        let changes = deltas.flatMap { delta in
            Set((Array(delta.added.keys) + Array(delta.removed.keys)).flatMap { places[$0] ?? [] })
                .sorted().map { (sets[$0], sets[$0].change(delta, names)) }
        }
        var all = Transaction(.inet, table)
        for (set, change) in changes { Self.append(set, change, to: &all) }
        do {
            try driver.applyElements(all)
        } catch is NFTablesError {
            // One of the sets may be gone: the others have theirs all the same.
            for (set, change) in changes {
                for family in IPAddress.Family.allCases {
                    var part = Transaction(.inet, table)
                    Self.append(set, change, to: &part, only: family)
                    try apply(part, to: Name(set.name(family)), Self.definition(family))
                }
            }
        }
    }

    private static func append(
        _ set: NameOrders.KernelSet, _ change: (added: Set<IPAddress>, removed: Set<IPAddress>),
        to transaction: inout Transaction, only: IPAddress.Family? = nil
    ) {
        for family in IPAddress.Family.allCases where only == nil || family == only {
            let name = Name(set.name(family))
            let removed = ElementKey.addresses(change.removed.filter { $0.family == family })
            // What is not there cannot be deleted, and who knows: added again it is there.
            transaction.add(removed, to: name, definition(family))
            transaction.delete(removed, from: name, definition(family))
            transaction.add(
                ElementKey.addresses(change.added.filter { $0.family == family }), to: name, definition(family))
        }
    }

    /// A set that is gone is no error: the agent's next orders are without it.
    private func apply(_ transaction: Transaction, to set: Name, _ definition: SetDefinition) throws {
        do {
            try driver.applyElements(transaction)
        } catch let error as NFTablesError {
            guard try driver.elements(of: set, definition, in: table, .inet) == nil else { throw error }
        }
    }

    private static func definition(_ family: IPAddress.Family) -> SetDefinition {
        SetDefinition(key: [.address(family)])
    }
}
