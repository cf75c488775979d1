package import FlowModel
import Foundation
import GRDB

/// The flows that this node has seen, in one SQLite file, within a size and an age.
///
/// Each write is one transaction: a process killed at any moment loses nothing that was written before. After a crash of
/// the machine the last moments may be missing (`synchronous = NORMAL`): a log, not the truth about the cluster.
package final class FlowStore: Sendable {
    package struct Bounds: Hashable, Sendable {
        /// Of the file, in bytes.
        package var size: Int64 = 256 << 20
        package var age: Duration = .seconds(7 * 24 * 3600)

        package init() {}
    }

    let queue: DatabaseQueue
    let bounds: Bounds

    /// Opens or makes the file; only its owner may read it.
    package init(path: String, bounds: Bounds = Bounds()) throws {
        self.bounds = bounds
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { database in try database.execute(sql: Self.schema) }
    }

    /// What changes while a flow goes on has columns of its own; the rest is one document.
    private static let schema = """
        CREATE TABLE IF NOT EXISTS flow (
            id INTEGER PRIMARY KEY, start INTEGER NOT NULL, last INTEGER NOT NULL, end INTEGER,
            forward_packets INTEGER NOT NULL, forward_bytes INTEGER NOT NULL,
            backward_packets INTEGER NOT NULL, backward_bytes INTEGER NOT NULL, is_counted INTEGER NOT NULL,
            verdict TEXT NOT NULL, document BLOB NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS flow_last ON flow (last);
        CREATE INDEX IF NOT EXISTS flow_open ON flow (id) WHERE end IS NULL;
        CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, packets INTEGER NOT NULL) STRICT;
        """

    /// The greatest id of those that are kept; 0 if none is.
    package func lastID() throws -> Int64 {
        try queue.read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM flow") ?? 0 }
    }

    /// The records that have not ended.
    package func open() throws -> [FlowRecord] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM flow WHERE end IS NULL").compactMap(Self.record)
        }
    }

    /// All of it or nothing.
    ///
    /// A flow that goes on and whose row has been trimmed meanwhile is written anew.
    package func write(_ changes: FlowTable.Changes) throws {
        try queue.write { database in
            let put = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO flow VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            let update = try database.cachedStatement(
                sql: """
                    UPDATE flow SET last = ?, end = ?, forward_packets = ?, forward_bytes = ?, backward_packets = ?,
                    backward_bytes = ?, is_counted = ? WHERE id = ?
                    """)
            for record in changes.begun + changes.restaged + changes.amended {
                try put.execute(arguments: Self.row(record))
            }
            for record in changes.changed + changes.ended {
                try update.execute(arguments: Self.numbers(record) + [record.id])
                if database.changesCount == 0 { try put.execute(arguments: Self.row(record)) }
            }
        }
    }

    // MARK: Counters

    /// The kernel's counters as they were noted last; nil if they never were.
    package func counters() throws -> [String: UInt64]? {
        try queue.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT name, packets FROM counter")
            if rows.isEmpty { return nil }
            return Dictionary(rows.map { ($0["name"], UInt64(bitPattern: $0["packets"])) }) { first, _ in first }
        }
    }

    package func setCounters(_ counters: [String: UInt64]) throws {
        try queue.write { database in
            for (name, packets) in counters {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO counter VALUES (?, ?)", arguments: [name, Int64(bitPattern: packets)])
            }
        }
    }

    // MARK: Rows

    private static func numbers(_ record: FlowRecord) -> StatementArguments {
        [
            record.last, record.end, Int64(clamping: record.forward.packets), Int64(clamping: record.forward.bytes),
            Int64(clamping: record.backward.packets), Int64(clamping: record.backward.bytes), record.isCounted,
        ]
    }

    private static func row(_ record: FlowRecord) throws -> StatementArguments {
        [record.id, record.start] + numbers(record)
            + [record.verdict.rawValue, try JSONEncoder().encode(record)]
    }

    /// Nil for a document of another version that this one cannot read.
    static func record(_ row: Row) -> FlowRecord? {
        guard var record = try? JSONDecoder().decode(FlowRecord.self, from: row["document"] as Data) else { return nil }
        record.last = row["last"]
        record.end = row["end"]
        record.forward = FlowRecord.Traffic(
            packets: UInt64(clamping: row["forward_packets"] as Int64),
            bytes: UInt64(clamping: row["forward_bytes"] as Int64))
        record.backward = FlowRecord.Traffic(
            packets: UInt64(clamping: row["backward_packets"] as Int64),
            bytes: UInt64(clamping: row["backward_bytes"] as Int64))
        record.isCounted = row["is_counted"]
        return record
    }
}
