/// Changes to one table that the kernel makes all together or not at all, in the order they must be given.
package struct Transaction: Hashable, Sendable {
    /// One element of a set or map.
    package struct Element: Hashable, Sendable {
        package let key: ElementKey
        /// Nil in a set.
        package let value: NamedMap.Value?
        /// How long it stays, in milliseconds; nil for what the set says.
        package let lifetime: UInt64?

        package init(_ key: ElementKey, _ value: NamedMap.Value? = nil, lifetime: UInt64? = nil) {
            self.key = key
            self.value = value
            self.lifetime = lifetime
        }
    }

    package enum Operation: Hashable, Sendable {
        case addTable
        case deleteTable
        case addCounter(Name)
        case deleteCounter(Name)
        /// A set, or a map when the definition has data.
        case addSet(Name, SetDefinition)
        case deleteSet(Name, SetDefinition)
        /// For a base chain that exists with the same hook: sets its policy.
        case addChain(Name, Chain.Base?)
        case deleteChain(Name)
        case flushChain(Name)
        /// At the chain's end.
        case addRule(chain: Name, Rule)
        case addElements(Name, SetDefinition, [Element])
        case deleteElements(Name, SetDefinition, [Element])
        /// Deletes all elements.
        case flushElements(Name, SetDefinition)
    }

    package let family: Table.Family
    package let table: Name
    package private(set) var operations: [Operation]

    package init(_ family: Table.Family, _ table: Name, _ operations: [Operation] = []) {
        self.family = family
        self.table = table
        self.operations = operations
    }

    /// True when there is nothing to change.
    package var isEmpty: Bool { operations.isEmpty }

    /// True when only elements come and go: what the driver can do without running a program.
    package var changesOnlyElements: Bool {
        operations.allSatisfy { operation in
            switch operation {
            case .addElements, .deleteElements, .flushElements: true
            default: false
            }
        }
    }

    package mutating func append(_ operation: Operation) { operations.append(operation) }

    /// Deletes elements from an existing set.
    ///
    /// Give deletions before additions: a key may come back changed.
    package mutating func delete(_ keys: some Sequence<ElementKey>, from set: Name, _ definition: SetDefinition) {
        let elements = keys.map { Element($0) }
        if !elements.isEmpty { append(.deleteElements(set, definition, elements)) }
    }

    /// Adds elements to an existing set.
    package mutating func add(_ keys: some Sequence<ElementKey>, to set: Name, _ definition: SetDefinition) {
        let elements = keys.map { Element($0) }
        if !elements.isEmpty { append(.addElements(set, definition, elements)) }
    }

    /// Adds elements to an existing map.
    package mutating func add(
        _ elements: some Sequence<(key: ElementKey, value: NamedMap.Value)>, to map: Name, _ definition: SetDefinition
    ) {
        let elements = elements.map { Element($0.key, $0.value) }
        if !elements.isEmpty { append(.addElements(map, definition, elements)) }
    }
}
