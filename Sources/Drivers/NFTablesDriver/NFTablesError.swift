package import NFTables

/// A change that the kernel or nft refused, or a table that could not be read.
///
/// Nothing has been changed.
package enum NFTablesError: Error, Hashable, Sendable, CustomStringConvertible {
    case cannotList(Table.Family, Name, String)
    /// The command that was refused (nil when nft did not say which) and the reason.
    case refused(Table.Family, Name, command: String?, reason: String)

    package var description: String {
        switch self {
        case .cannotList(let family, let table, let reason): "cannot list table \(family.rawValue) \(table): \(reason)"
        case .refused(let family, let table, let command, let reason):
            "table \(family.rawValue) \(table) is unchanged: \(reason)"
                + (command.map { " in '\($0)'" } ?? "")
        }
    }

    /// From nft's complaint, which points at a line of its input.
    init(refusal message: String, of lines: [String], _ transaction: Transaction) {
        let first = message.split(separator: "\n").first.map(String.init) ?? "nft gave no reason"
        var command: String?
        var reason = first
        // "/dev/stdin:3:1-20: Error: what is wrong"
        if let error = first.firstRange(of: "Error: ") {
            reason = String(first[error.upperBound...])
            let place = first[..<error.lowerBound].split(separator: ":")
            if place.count >= 2, let line = Int(place[1]), lines.indices.contains(line - 1) {
                command = String(lines[line - 1].prefix(200))
            }
        }
        self = .refused(transaction.family, transaction.table, command: command, reason: reason)
    }
}
