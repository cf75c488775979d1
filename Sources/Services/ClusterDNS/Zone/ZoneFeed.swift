import ClusterAPI
import DNSModel
import KubernetesClient
import Logging

/// Keeps the zone equal to the API until the task is cancelled; while the API is away, the zone stays as it was.
struct ZoneFeed {
    let client: KubernetesClient
    let store: ZoneStore
    let logger: Logger

    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await follow(Namespace.self) }
            group.addTask { await follow(Service.self) }
            group.addTask { await follow(EndpointSlice.self) }
            group.addTask { await follow(Pod.self) }
        }
    }

    private func follow<Object: ZoneSource>(_ type: Object.Type) async {
        var known = KnownObjects<Object>()
        for await event in client.changes(of: type) {
            tell(event)
            guard let changes = known.changes(by: event) else { continue }
            store.change(type.zoneKind, isRead: known.isComplete) { zone in
                for change in changes {
                    switch change {
                    case .entered(let object): object.enter(&zone)
                    case .left(let key): type.leave(key, &zone)
                    case .unreadable(let object): type.doubt(object.key, &zone)
                    }
                }
            }
        }
    }

    private func tell<Object: ZoneSource>(_ event: CacheEvent<Object>) {
        let kind = Object.resource.plural
        switch event {
        case .replaced(_, let unreadable): for object in unreadable { report(object, kind) }
        case .unreadable(let object): report(object, kind)
        case .disconnected(let reason):
            logger.warning(
                "the API is away: names are told as they were last",
                metadata: ["resource": "\(kind)", "reason": "\(reason)"])
        case .resumed: logger.info("the API is back", metadata: ["resource": "\(kind)"])
        case .upserted, .deleted, .missing: break
        }
    }

    private func report(_ object: UnreadableObject, _ kind: String) {
        logger.error(
            "an object cannot be read",
            metadata: ["resource": "\(kind)", "object": "\(object.key)", "reason": "\(object.reason)"])
    }
}

/// An object of a kind that the zone is made of.
private protocol ZoneSource: APIObject {
    static var zoneKind: ZoneStore.Kind { get }
    func enter(_ zone: inout ClusterZone)
    static func leave(_ key: ObjectKey, _ zone: inout ClusterZone)
    /// It is there, and what is known of it no longer holds.
    static func doubt(_ key: ObjectKey, _ zone: inout ClusterZone)
}

extension Namespace: ZoneSource {
    fileprivate static var zoneKind: ZoneStore.Kind { .namespaces }
    fileprivate func enter(_ zone: inout ClusterZone) { zone.upsertNamespace(key.name) }
    fileprivate static func leave(_ key: ObjectKey, _ zone: inout ClusterZone) { zone.removeNamespace(key.name) }
    /// Its name is all that counts.
    fileprivate static func doubt(_ key: ObjectKey, _ zone: inout ClusterZone) { zone.upsertNamespace(key.name) }
}

extension Service: ZoneSource {
    fileprivate static var zoneKind: ZoneStore.Kind { .services }
    fileprivate func enter(_ zone: inout ClusterZone) { zone.upsert(self) }
    fileprivate static func leave(_ key: ObjectKey, _ zone: inout ClusterZone) { zone.removeService(key) }
    fileprivate static func doubt(_ key: ObjectKey, _ zone: inout ClusterZone) { zone.markUnreadable(key) }
}

extension EndpointSlice: ZoneSource {
    fileprivate static var zoneKind: ZoneStore.Kind { .slices }
    fileprivate func enter(_ zone: inout ClusterZone) { zone.upsert(self) }
    fileprivate static func leave(_ key: ObjectKey, _ zone: inout ClusterZone) { zone.removeEndpointSlice(key) }
    /// Whose it is cannot be told: its endpoints stay as they were.
    fileprivate static func doubt(_ key: ObjectKey, _ zone: inout ClusterZone) {}
}

extension Pod: ZoneSource {
    fileprivate static var zoneKind: ZoneStore.Kind { .pods }
    fileprivate func enter(_ zone: inout ClusterZone) { zone.upsert(self) }
    fileprivate static func leave(_ key: ObjectKey, _ zone: inout ClusterZone) { zone.removePod(key) }
    fileprivate static func doubt(_ key: ObjectKey, _ zone: inout ClusterZone) { zone.markPodUnreadable(key) }
}
