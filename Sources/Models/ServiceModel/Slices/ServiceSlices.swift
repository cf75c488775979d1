import ClusterAPI

/// The slices that exist and are ours, by service.
struct ServiceSlices: Sendable {
    private var slices: [ObjectKey: EndpointSlice] = [:]
    private var byService: [ObjectKey: Set<ObjectKey>] = [:]

    private static let keepers: Set = [SliceKeeper.selecting, SliceKeeper.mirroring]

    /// Returns the services that it is news for.
    mutating func upsert(_ slice: EndpointSlice) -> Set<ObjectKey> {
        let old = slices[slice.key]
        if let old, slice.isOlder(than: old) { return [] }
        guard Self.keepers.contains(slice.keeper), let service = slice.service else { return remove(slice.key) }
        guard old != slice else { return [] }
        var touched: Set = [service]
        if old?.service != service { touched.formUnion(remove(slice.key)) }
        slices[slice.key] = slice
        byService[service, default: []].insert(slice.key)
        return touched
    }

    mutating func remove(_ key: ObjectKey) -> Set<ObjectKey> {
        guard let service = slices.removeValue(forKey: key)?.service else { return [] }
        byService[service]?.remove(key)
        if byService[service]?.isEmpty == true { byService[service] = nil }
        return [service]
    }

    func slices(of service: ObjectKey, by keeper: String) -> [EndpointSlice] {
        (byService[service] ?? []).sorted().compactMap { slices[$0] }.filter { $0.keeper == keeper }
    }
}

extension EndpointSlice {
    fileprivate var keeper: String { metadata.labels?[Self.keeperLabel] ?? "" }
}
