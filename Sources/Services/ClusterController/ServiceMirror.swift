import ClusterAPI
import KubernetesClient

/// The services as the API has them.
///
/// What is known of one that cannot be read stays, so that its addresses are nobody else's.
struct ServiceMirror: Sendable {
    private(set) var objects: [ObjectKey: Service] = [:]
    /// True once the whole list has been seen.
    private(set) var isComplete = false

    subscript(key: ObjectKey) -> Service? { objects[key] }

    var values: some Collection<Service> { objects.values }

    /// - Returns: false when nothing has changed.
    mutating func apply(_ event: CacheEvent<Service>) -> Bool {
        switch event {
        case .replaced(let all, let unreadable):
            let kept = unreadable.compactMap { objects[$0.key] }
            objects = Dictionary((kept + all).map { ($0.key, $0) }) { _, last in last }
            isComplete = true
        case .upserted(let service): upsert(service)
        case .deleted(let service): objects[service.key] = nil
        case .unreadable, .missing, .disconnected, .resumed: return false
        }
        return true
    }

    /// As with `Mirror`, what is older than what is known is no news.
    mutating func upsert(_ service: Service) {
        if let known = objects[service.key], service.isOlder(than: known) { return }
        objects[service.key] = service
    }
}
