import DequeModule

/// The objects of one resource in list order, and the recent changes that led to them.
struct ResourceLog: Sendable {
    /// Sorted by key.
    private(set) var objects: [StoredObject] = []
    /// Ascending revisions, all above `floor`.
    private(set) var events: Deque<StoreEvent> = []
    /// Every change up to this revision is forgotten: a watch can start here or later.
    private(set) var floor: UInt64

    init(floor: UInt64, objects: [StoredObject] = []) {
        self.floor = floor
        self.objects = objects.sorted { $0.key < $1.key }
    }

    func object(_ key: StoreKey) -> StoredObject? {
        let index = lowerBound(key)
        guard index < objects.count, objects[index].key == key else { return nil }
        return objects[index]
    }

    /// The objects of one namespace, or all for nil.
    func objects(in namespace: String?) -> ArraySlice<StoredObject> {
        guard let namespace, let resource = objects.first?.key.resource else { return objects[...] }
        let start = lowerBound(StoreKey(resource: resource, namespace: namespace, name: ""))
        // The smallest key behind the namespace: namespace names cannot hold a NUL.
        let end = lowerBound(StoreKey(resource: resource, namespace: namespace + "\0", name: ""))
        return objects[start..<end]
    }

    mutating func apply(_ event: StoreEvent, keeping limit: Int) {
        let index = lowerBound(event.object.key)
        let exists = index < objects.count && objects[index].key == event.object.key
        switch (event.kind, exists) {
        case (.deleted, true): objects.remove(at: index)
        case (.deleted, false): break
        case (_, true): objects[index] = event.object
        case (_, false): objects.insert(event.object, at: index)
        }
        events.append(event)
        while events.count > limit, let oldest = events.popFirst() { floor = oldest.revision }
    }

    /// The changes after `revision`, oldest first, at most `limit`; nil when some of them are forgotten.
    func events(after revision: UInt64, limit: Int) -> [StoreEvent]? {
        guard revision >= floor else { return nil }
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].revision > revision { high = middle } else { low = middle + 1 }
        }
        let start = events.index(events.startIndex, offsetBy: low)
        return Array(events[start...].prefix(limit))
    }

    /// The first index whose key is not below `key`.
    private func lowerBound(_ key: StoreKey) -> Int {
        var low = 0
        var high = objects.count
        while low < high {
            let middle = (low + high) / 2
            if objects[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
