import NetworkTypes

/// The nodes, and whose an address is.
struct NodeTable: Sendable {
    private var records: [String: NodeRecord] = [:]
    private var owners: [IPAddress: Set<String>] = [:]
    /// Another number whenever an address is another node's.
    private(set) var revision: UInt64 = 0

    /// The node of an address; the first by name if several claim it.
    func node(of address: IPAddress) -> String? { owners[address]?.min() }

    func isAddress(_ address: IPAddress, of node: String) -> Bool { owners[address]?.contains(node) ?? false }

    /// Changes what is known of one node.
    mutating func update(_ name: String, _ change: (inout NodeRecord) -> Void) {
        let before = records[name]?.addresses ?? []
        change(&records[name, default: NodeRecord()])
        let after = records[name]?.addresses ?? []
        if records[name]?.isForgettable == true { records[name] = nil }
        if before == after { return }
        revision &+= 1
        for address in before.subtracting(after) {
            owners[address]?.remove(name)
            if owners[address]?.isEmpty == true { owners[address] = nil }
        }
        for address in after.subtracting(before) { owners[address, default: []].insert(name) }
    }
}
