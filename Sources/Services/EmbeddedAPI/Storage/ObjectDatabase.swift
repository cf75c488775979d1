import Foundation
import GRDB
import NIOCore

/// The SQLite file.
///
/// One connection, which holds the file's lock for as long as it is open.
///
/// WAL with `synchronous=FULL`: a commit returns after its pages are synced, so what it wrote survives a crash of the
/// process and of the machine.
struct ObjectDatabase: Sendable {
    private let queue: DatabaseQueue

    /// What the file holds.
    struct Contents: Sendable {
        var revision: UInt64
        /// The revision of the last change of each resource.
        var floors: [String: UInt64]
        var objects: [StoredObject]
    }

    /// Secrets are in it: only its owner may read the file, whatever directory it is in.
    ///
    /// SQLite gives its log the mode of the database.
    private static func protect(_ path: String) throws {
        let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: owner)
        }
        for file in [path, path + "-wal"] where FileManager.default.fileExists(atPath: file) {
            try FileManager.default.setAttributes(owner, ofItemAtPath: file)
        }
    }

    /// Opens or makes the file.
    ///
    /// Fails when another process has it open, or when it is not ours.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        try Self.protect(path)
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in try database.execute(sql: Self.schema) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            throw StoreError.busy(path)
        } catch {
            throw StoreError.unreadable(path, "\(error)")
        }
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS object (
            resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            revision INTEGER NOT NULL, document BLOB NOT NULL,
            PRIMARY KEY (resource, namespace, name)
        ) STRICT;
        CREATE TABLE IF NOT EXISTS resource (name TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT;
        """

    func load() throws -> Contents {
        try queue.read { database in
            var contents = Contents(revision: 0, floors: [:], objects: [])
            for row in try Row.fetchAll(database, sql: "SELECT name, revision FROM resource") {
                let revision = UInt64(row["revision"] as Int64)
                contents.floors[row["name"]] = revision
                contents.revision = max(contents.revision, revision)
            }
            let rows = try Row.fetchCursor(
                database, sql: "SELECT resource, namespace, name, revision, document FROM object")
            while let row = try rows.next() { contents.objects.append(try Self.object(row)) }
            return contents
        }
    }

    private static func object(_ row: Row) throws -> StoredObject {
        let key = StoreKey(resource: row["resource"], namespace: row["namespace"], name: row["name"])
        let bytes = ByteBuffer(bytes: row["document"] as Data)
        do {
            let document = try JSONText.decode(bytes.readableBytesView)
            return StoredObject(
                key: key, revision: UInt64(row["revision"] as Int64), document: document, bytes: bytes)
        } catch {
            throw StoreError.unreadable("\(key)", "its document is not JSON: \(error)")
        }
    }

    /// Writes all events in one transaction; returns when they are on the disk.
    func commit(_ events: [StoreEvent]) async throws {
        try await queue.write { database in
            let put = try database.cachedStatement(
                sql: """
                    INSERT INTO object (resource, namespace, name, revision, document) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET revision = excluded.revision, document = excluded.document
                    """)
            let delete = try database.cachedStatement(
                sql: "DELETE FROM object WHERE resource = ? AND namespace = ? AND name = ?")
            var last: [String: UInt64] = [:]
            for event in events {
                let object = event.object
                let key = object.key
                last[key.resource] = event.revision
                switch event.kind {
                case .deleted:
                    try delete.execute(arguments: [key.resource, key.namespace, key.name])
                case .added, .modified:
                    let document = Data(object.bytes.readableBytesView)
                    try put.execute(
                        arguments: [key.resource, key.namespace, key.name, Int64(event.revision), document])
                }
            }
            let mark = try database.cachedStatement(
                sql: "INSERT INTO resource VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision")
            for (resource, revision) in last { try mark.execute(arguments: [resource, Int64(revision)]) }
        }
    }

    func close() throws { try queue.close() }
}
