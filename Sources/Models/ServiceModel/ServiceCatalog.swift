package import ClusterAPI

/// Services and their endpoint slices as the API has them, and the services about which something changed.
package struct ServiceCatalog: Sendable {
    package private(set) var services: [ObjectKey: Service] = [:]
    private var slices: [ObjectKey: EndpointSlice] = [:]
    private var slicesByService: [ObjectKey: Set<ObjectKey>] = [:]
    private var changed: Set<ObjectKey> = []

    package init() {}

    package mutating func upsert(_ service: Service) {
        guard services.updateValue(service, forKey: service.key) != service else { return }
        changed.insert(service.key)
    }

    package mutating func removeService(_ key: ObjectKey) {
        if services.removeValue(forKey: key) != nil { changed.insert(key) }
    }

    package mutating func upsert(_ slice: EndpointSlice) {
        let old = slices.updateValue(slice, forKey: slice.key)
        guard old != slice else { return }
        if let service = old?.service, service != slice.service { forget(slice.key, of: service) }
        guard let service = slice.service else { return }
        slicesByService[service, default: []].insert(slice.key)
        changed.insert(service)
    }

    package mutating func removeEndpointSlice(_ key: ObjectKey) {
        guard let old = slices.removeValue(forKey: key), let service = old.service else { return }
        forget(key, of: service)
    }

    private mutating func forget(_ slice: ObjectKey, of service: ObjectKey) {
        slicesByService[service]?.remove(slice)
        if slicesByService[service]?.isEmpty == true { slicesByService[service] = nil }
        changed.insert(service)
    }

    /// The slices of a service by their names, whether it is there or not.
    package func slices(of service: ObjectKey) -> [EndpointSlice] {
        (slicesByService[service] ?? []).sorted().compactMap { slices[$0] }
    }

    /// For a change of what else the service stands on.
    package mutating func markChanged(_ service: ObjectKey) { changed.insert(service) }

    /// For a change that concerns them all.
    package mutating func markAllChanged() { changed.formUnion(services.keys) }

    /// The services that came, went or changed, or whose slices did, since this was asked last.
    package mutating func takeChanged() -> Set<ObjectKey> {
        defer { changed = [] }
        return changed
    }
}
