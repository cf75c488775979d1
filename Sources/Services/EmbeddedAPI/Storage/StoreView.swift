import APIMachinery

/// The state that a write decides on: committed objects with the earlier writes of the same batch laid over them.
package struct StoreView {
    let base: (StoreKey) -> StoredObject?
    let baseHolders: (ServiceClaim) -> Set<StoreKey>
    private var overlay: [StoreKey: StoredObject?] = [:]
    private var claimed: [ServiceClaim: Set<StoreKey>] = [:]

    init(base: @escaping (StoreKey) -> StoredObject?, baseHolders: @escaping (ServiceClaim) -> Set<StoreKey>) {
        self.base = base
        self.baseHolders = baseHolders
    }

    package subscript(_ key: StoreKey) -> StoredObject? {
        if let changed = overlay[key] { return changed }
        return base(key)
    }

    /// All objects of a kind, given those that are committed: as earlier writes of the same batch leave them.
    func objects(_ resource: String, committed: some Sequence<StoredObject>) -> [StoredObject] {
        let changed = overlay.filter { $0.key.resource == resource }
        return committed.filter { changed.index(forKey: $0.key) == nil } + changed.values.compactMap(\.self)
    }

    /// Whether another object has what only one may have.
    func isHeld(_ claim: ServiceClaim, byOtherThan key: StoreKey) -> Bool {
        // Who had it or took it may have given it up in this batch.
        baseHolders(claim).union(claimed[claim] ?? []).contains {
            $0 != key && self[$0]?.claims.contains(claim) == true
        }
    }

    /// Lays a decided change over the rest.
    mutating func record(_ event: StoreEvent) {
        let survivor = event.kind == .deleted ? nil : event.object
        overlay[event.object.key] = .some(survivor)
        for claim in survivor?.claims ?? [] { claimed[claim, default: []].insert(event.object.key) }
    }
}
