import Synchronization

/// Every object, its history and its durability.
///
/// Reads and watches see committed state only; a write returns after its commit reached the disk.
///
/// One writer task (`run`) takes all waiting writes at once, decides each on the outcome of those before it, and commits
/// them in one transaction: concurrent writers share the cost of a sync.
package final class ObjectStore: Sendable {
    let database: ObjectDatabase
    let state: Mutex<StoreState>
    let writes = WriteQueue()
    package let bells = WatchBells()

    /// Opens the file at `path`.
    ///
    /// `historyLength` changes per resource are kept for watches and continued lists.
    package init(path: String, historyLength: Int) throws {
        database = try ObjectDatabase(path: path)
        let contents = try database.load()
        state = Mutex(
            StoreState(
                revision: contents.revision, floors: contents.floors, objects: contents.objects,
                historyLength: historyLength))
    }

    /// The revision of the last committed change.
    package var revision: UInt64 { state.withLock(\.revision) }

    package func object(_ key: StoreKey) -> StoredObject? { state.withLock { $0.object(key) } }

    /// The object with a uid, whatever its kind.
    package func object(uid: String) -> StoredObject? {
        state.withLock { state in state.uids[uid].flatMap(state.object) }
    }

    /// The objects that name a uid among their owners.
    package func dependents(of uid: String) -> [StoredObject] {
        state.withLock { state in (state.dependents[uid] ?? []).compactMap(state.object) }
    }

    /// The uids that some object names as its owner.
    package var ownerUIDs: [String] { state.withLock { Array($0.dependents.keys) } }

    /// The resources that have, or had, objects.
    package var resources: [String] { state.withLock { Array($0.logs.keys) } }

    package func close() throws {
        writes.close()
        bells.close()
        try database.close()
    }
}
