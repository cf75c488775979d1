extension Transaction {
    /// The changes from what the kernel listed (nil: no such table) to `desired`.
    ///
    /// Empty when there are none.
    package static func plan(from present: ObservedTable?, to desired: Table) -> Transaction {
        guard let present else { return creation(of: desired) }
        return Planner.plan(from: present, to: desired)
    }

    /// The changes between two desired tables of the same family and name; nil is no table.
    ///
    /// Chains and sets that share storage, as copies of values do, are not looked into.
    package static func plan(from present: Table?, to desired: Table) -> Transaction {
        guard let present else { return creation(of: desired) }
        return Planner.plan(from: present, to: desired)
    }

    private static func creation(of desired: Table) -> Transaction {
        let changes = Planner.plan(from: Table(desired.family, desired.name), to: desired)
        return Transaction(desired.family, desired.name, [.addTable] + changes.operations)
    }
}

extension Table: TableView {
    var counterNames: Set<Name> { counters }

    static func isSame(_ present: SetDefinition, _ desired: SetDefinition) -> Bool { present == desired }
}

extension Chain: ChainView {
    var isEmpty: Bool { rules.isEmpty }

    func holds(_ rules: [Rule]) -> Bool { self.rules == rules }
}

extension ObservedTable: TableView {
    var counterNames: Set<Name> { Set(counters.keys) }

    static func isSame(_ present: SetDefinition, _ desired: SetDefinition) -> Bool { present.isListing(of: desired) }
}

extension ObservedTable.ObservedChain: ChainView {
    var isEmpty: Bool { rules.isEmpty }

    func holds(_ rules: [Rule]) -> Bool {
        self.rules.count == rules.count && zip(self.rules, rules).allSatisfy { $0.comment == $1.comment }
    }
}

extension SetDefinition {
    /// Whether a listing shows `desired` so.
    ///
    /// nft 1.0.6 leaves out the flag `dynamic`. It gives sets that rules fill a size when they have none; sets that programs
    /// fill stay without one.
    func isListing(of desired: SetDefinition) -> Bool {
        guard desired.flags.contains(.dynamic) else { return self == desired }
        var listed = desired
        listed.flags.remove(.dynamic)
        if desired.size == nil, size == Self.givenSize { listed.size = size }
        return self == listed
    }

    private static let givenSize: UInt32 = 65535
}
