import APIMachinery

/// Everything that is committed, in memory: what reads and watches see.
struct StoreState: Sendable {
    private(set) var revision: UInt64
    private(set) var logs: [String: ResourceLog] = [:]
    /// The keys of the objects that name a uid as their owner.
    private(set) var dependents: [String: Set<StoreKey>] = [:]
    private(set) var uids: [String: StoreKey] = [:]
    /// Who has what only one may have.
    ///
    /// More than one by writes of before it was looked at.
    private(set) var holders: [ServiceClaim: Set<StoreKey>] = [:]

    private let historyLength: Int

    init(revision: UInt64, floors: [String: UInt64], objects: [StoredObject], historyLength: Int) {
        self.revision = revision
        self.historyLength = historyLength
        let grouped = Dictionary(grouping: objects, by: \.key.resource)
        for (resource, floor) in floors {
            logs[resource] = ResourceLog(floor: floor, objects: grouped[resource] ?? [])
        }
        for object in objects { index(object, replacing: nil) }
    }

    func log(_ resource: String) -> ResourceLog { logs[resource] ?? ResourceLog(floor: 0) }

    func object(_ key: StoreKey) -> StoredObject? { logs[key.resource]?.object(key) }

    /// Makes committed events visible, in order of revision.
    mutating func apply(_ events: [StoreEvent]) {
        for event in events {
            logs[event.object.key.resource, default: ResourceLog(floor: 0)].apply(event, keeping: historyLength)
            switch event.kind {
            case .deleted: index(nil, replacing: event.previous)
            case .added, .modified: index(event.object, replacing: event.previous)
            }
            revision = max(revision, event.revision)
        }
    }

    private mutating func index(_ new: StoredObject?, replacing old: StoredObject?) {
        if let old {
            uids[old.uid] = nil
            for claim in old.claims {
                holders[claim]?.remove(old.key)
                if holders[claim]?.isEmpty == true { holders[claim] = nil }
            }
            for owner in old.ownerUIDs {
                dependents[owner]?.remove(old.key)
                if dependents[owner]?.isEmpty == true { dependents[owner] = nil }
            }
        }
        if let new {
            uids[new.uid] = new.key
            for claim in new.claims { holders[claim, default: []].insert(new.key) }
            for owner in new.ownerUIDs { dependents[owner, default: []].insert(new.key) }
        }
    }
}
