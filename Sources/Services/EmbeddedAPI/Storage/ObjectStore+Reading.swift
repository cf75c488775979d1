import Synchronization

/// One consistent state of a collection.
package struct StoreList: Sendable {
    /// In list order.
    package let objects: ArraySlice<StoredObject>
    /// The state's revision: a watch from here misses nothing.
    package let revision: UInt64
}

extension ObjectStore {
    /// The objects of a resource, in one namespace or (nil) all, as they are now.
    package func list(_ resource: String, namespace: String?) -> StoreList {
        state.withLock { state in
            StoreList(objects: state.log(resource).objects(in: namespace), revision: state.revision)
        }
    }

    /// The objects as they were at an earlier revision; nil when the history does not reach back that far.
    package func list(_ resource: String, namespace: String?, at revision: UInt64) -> StoreList? {
        let (log, current) = state.withLock { ($0.log(resource), $0.revision) }
        guard revision <= current, let later = log.events(after: revision, limit: .max) else { return nil }
        guard !later.isEmpty else { return StoreList(objects: log.objects(in: namespace), revision: revision) }
        // The first change of an object after the revision knows its state at the revision.
        var then: [StoreKey: StoredObject?] = [:]
        for event in later where then[event.object.key] == nil { then[event.object.key] = .some(event.previous) }
        var objects = log.objects(in: namespace).filter { then[$0.key] == nil }
        objects += then.values.compactMap(\.self).filter { namespace == nil || $0.key.namespace == namespace }
        return StoreList(objects: objects.sorted { $0.key < $1.key }[...], revision: revision)
    }

    /// What a watch reads next.
    package enum EventPage: Sendable {
        /// The changes after the asked revision; `upTo` is where the next page starts.
        case events([StoreEvent], upTo: UInt64)
        /// Some of them are forgotten; the oldest possible start is given.
        case gone(oldest: UInt64)
    }

    package func events(of resource: String, after revision: UInt64, limit: Int = 500) -> EventPage {
        state.withLock { state in
            let log = state.log(resource)
            guard let events = log.events(after: revision, limit: limit) else { return .gone(oldest: log.floor) }
            if events.count == limit, let last = events.last { return .events(events, upTo: last.revision) }
            return .events(events, upTo: max(revision, state.revision))
        }
    }
}
