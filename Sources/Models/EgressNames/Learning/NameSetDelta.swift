package import NetworkTypes

/// What becomes different in the sets of addresses, one set for each selector.
package struct NameSetDelta: Hashable, Sendable {
    package private(set) var added: [NameSelector: Set<IPAddress>] = [:]
    package private(set) var removed: [NameSelector: Set<IPAddress>] = [:]

    package init() {}

    package var isEmpty: Bool { added.isEmpty && removed.isEmpty }

    mutating func add(_ address: IPAddress, to selector: NameSelector) {
        if !Self.take(address, of: selector, from: &removed) { added[selector, default: []].insert(address) }
    }

    mutating func remove(_ address: IPAddress, from selector: NameSelector) {
        if !Self.take(address, of: selector, from: &added) { removed[selector, default: []].insert(address) }
    }

    private static func take(
        _ address: IPAddress, of selector: NameSelector, from sets: inout [NameSelector: Set<IPAddress>]
    ) -> Bool {
        guard sets[selector]?.remove(address) != nil else { return false }
        if sets[selector]?.isEmpty == true { sets[selector] = nil }
        return true
    }
}
