package import LinuxSystem
package import NFTables
import ToolRunner

/// Observes and changes nftables of one network namespace.
package struct NFTablesDriver: Sendable {
    private let namespace: NamespaceReference
    private let runner = ToolRunner()
    let channel: KernelChannel
    /// For reading whole tables: what is changed meanwhile does not wait for it.
    let readingChannel: KernelChannel
    private let foreign: ForeignChanges
    private let deadline: Duration

    /// - Parameters:
    ///   - deadline: For each call; nft is killed when it takes longer.
    ///   - noticeBuffer: How many bytes of news of changes may wait for `wasChangedByOthers`.
    package init(
        in namespace: NamespaceReference = .current, deadline: Duration = .seconds(20), noticeBuffer: Int32 = 8 << 20
    ) {
        self.namespace = namespace
        channel = KernelChannel(in: namespace)
        readingChannel = KernelChannel(in: namespace)
        foreign = ForeignChanges(in: namespace, buffer: noticeBuffer)
        self.deadline = deadline
    }

    /// The table as the kernel has it; nil when there is none.
    ///
    /// What packets put into sets is left out. By netlink, and by nft where there is something that only nft can tell.
    package func observe(_ family: Table.Family, _ table: Name) async throws -> ObservedTable? {
        switch try read(family, table) {
        case .absent: return nil
        case .table(let observed): return observed
        case .unclear: return try await list(family, table)
        }
    }

    /// What netlink alone tells of a table.
    package enum Reading: Sendable {
        case absent
        case table(ObservedTable)
        /// There is something in it, or something happens to it all the time, that only nft can tell.
        case unclear
    }

    /// `observe` by netlink alone.
    package func read(_ family: Table.Family, _ table: Name) throws -> Reading {
        do {
            return try KernelTableReader(channel: readingChannel, family: family, table: table).read()
        } catch let error as NetlinkError {
            throw NFTablesError.cannotList(family, table, "\(error)")
        }
    }

    /// `observe` by running nft, whatever is in the table.
    package func list(_ family: Table.Family, _ table: Name) async throws -> ObservedTable? {
        do {
            let output = try await runner.run(
                "nft", ["-n", "-j", "list", "table", family.rawValue, table.text], in: namespace, deadline: deadline)
            return try ObservedTable(listing: output.standardOutput, family, table)
        } catch let error as ToolError {
            if case .failed(_, let message) = error.reason, message.contains("No such file or directory") { return nil }
            throw NFTablesError.cannotList(family, table, "\(error)")
        }
    }

    /// How a transaction reached the kernel.
    package enum Way: Hashable, Sendable {
        /// By netlink, in well under a millisecond for small changes.
        case netlink
        /// By a run of nft.
        case program
    }

    /// Makes all changes, or none of them and throws.
    ///
    /// An empty transaction does nothing. Elements, sets of addresses and ports, and the rules of policies go to the
    /// kernel by netlink; a transaction with anything else goes by way of nft as a whole.
    @discardableResult
    package func apply(_ transaction: Transaction) async throws -> Way {
        if transaction.isEmpty { return .netlink }
        if let batch = KernelBatch(transaction) {
            let start = try foreign.begin(channel)
            var isCommitted = false
            defer { foreign.end(start, isCommitted: isCommitted, channel) }
            try channel.apply(batch)
            isCommitted = true
            return .netlink
        }
        try await applyText(transaction)
        return .program
    }

    /// `apply` by running nft, whatever the transaction is.
    package func applyText(_ transaction: Transaction) async throws {
        let lines = transaction.lines
        let start = try foreign.begin(channel)
        var isCommitted = false
        defer { foreign.end(start, isCommitted: isCommitted, channel) }
        do {
            try await runner.run(
                "nft", ["-f", "-"], input: Array(transaction.text.utf8), in: namespace, deadline: deadline)
            isCommitted = true
        } catch let error as ToolError {
            guard case .failed(_, let message) = error.reason else { throw error }
            throw NFTablesError(refusal: message, of: lines, transaction)
        }
    }

    /// Whether somebody else changed a table of this name, of whatever family, since the last call.
    ///
    /// True too when that cannot be told, since the kernel told more than was read in time. The first call begins to
    /// listen and is false.
    ///
    /// - Parameter others: sets whose elements are others' to change: that does not count.
    package func wasChangedByOthers(
        _ table: Name, butElementsOf others: (Name) -> Bool = { _ in false }
    ) throws -> Bool {
        try foreign.haveTouched(table, butElementsOf: others)
    }

    /// Deletes a table with all that is in it; nothing happens if there is none.
    package func deleteTable(_ family: Table.Family, _ table: Name) async throws {
        // Adding first makes the deletion succeed in either case, in one transaction.
        try await applyText(Transaction(family, table, [.addTable, .deleteTable]))
    }

    /// The values of all counters of a table; empty when there is no such table.
    ///
    /// One question to the kernel, whatever else is in the table.
    package func readCounters(_ family: Table.Family, _ table: Name) async throws -> [Name: ObservedTable.Counter] {
        do {
            return try channel.counters(family, table)
        } catch {
            throw NFTablesError.cannotList(family, table, "\(error)")
        }
    }
}
