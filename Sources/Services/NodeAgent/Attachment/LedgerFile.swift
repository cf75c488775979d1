import Foundation

/// Where the ledger is kept: one JSON file, replaced whole.
package struct LedgerFile: Sendable {
    package let path: String

    package init(stateDirectory: String) { path = stateDirectory + "/attachments.json" }

    /// The ledger as last stored; an empty one if there never was one.
    ///
    /// - Throws: `LedgerError` when the file is there but cannot be understood. It is left as it is: starting over would
    ///   hand out addresses that are in use.
    package func load() throws -> AttachmentLedger {
        guard FileManager.default.fileExists(atPath: path) else { return AttachmentLedger() }
        do {
            return try JSONDecoder().decode(AttachmentLedger.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw LedgerError(path: path, action: "read", reason: "\(error)")
        }
    }

    package func store(_ ledger: AttachmentLedger) throws {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(ledger).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw LedgerError(path: path, action: "write", reason: "\(error)")
        }
    }
}

/// The record of attachments cannot be read or written.
package struct LedgerError: Error, CustomStringConvertible {
    package let path: String
    package let action: String
    package let reason: String

    package var description: String {
        "cannot \(action) the record of attachments \(path): \(reason); "
            + "the agent hands out no addresses without it: repair it, or drain the node and remove the file"
    }
}
