import ClusterAPI
package import KubernetesClient
import Logging

extension NodeAgent {
    /// Records an event of a watched collection.
    package func receive<Object: WatchedObject>(_ event: CacheEvent<Object>) {
        counters.events += 1
        let kind = Object.kind
        switch event {
        case .replaced(let objects, let undecoded):
            let keys = Set(objects.map(\.key)).union(undecoded.map(\.key))
            for key in known[kind, default: []].subtracting(keys) { forget(Object.self, key) }
            for object in objects { enter(object) }
            // In the same step: a pass in between would do without the substitutes.
            for object in undecoded { replace(Object.self, object) }
            synced.insert(kind)
            disconnected[kind] = nil
        case .upserted(let object): enter(object)
        case .deleted(let object): forget(Object.self, object.key)
        case .unreadable(let object): replace(Object.self, object)
        case .disconnected(let reason):
            disconnected[kind] = reason
            return
        case .missing:
            guard known[kind, default: []].isEmpty else { return hold(kind) }
            synced.insert(kind)
            disconnected[kind] = nil
        case .resumed:
            disconnected[kind] = nil
            return
        }
        wake()
    }

    /// The kind is gone and its objects were never seen to go: what denies must not end with a definition.
    private func hold(_ kind: WatchedKind) {
        let count = known[kind, default: []].count
        disconnected[kind] =
            "the API server no longer has this kind; the \(count) known of it hold on until it is back or the agent is"
            + " started again"
        logger.error(
            "a kind is gone from the API server while objects of it are known: they hold on",
            metadata: ["kind": "\(kind.rawValue)", "objects": "\(count)"])
    }

    private func enter<Object: WatchedObject>(_ object: Object) {
        known[Object.kind, default: []].insert(object.key)
        unreadable["\(Object.resource.kind) \(object.key)"] = nil
        object.enter(&model)
        if let node = object as? Node, node.key.name == configuration.nodeName {
            ownConditions = node.status?.conditions ?? []
        }
    }

    private func forget<Object: WatchedObject>(_ type: Object.Type, _ key: ObjectKey) {
        known[Object.kind]?.remove(key)
        unreadable["\(Object.resource.kind) \(key)"] = nil
        Object.leave(key, &model)
        if Object.kind == .nodes, key.name == configuration.nodeName { ownConditions = nil }
    }

    /// What is known of it no longer holds; what must close instead of vanish has a substitute.
    private func replace<Object: WatchedObject>(_ type: Object.Type, _ object: UnreadableObject) {
        logger.error(
            "an object cannot be read",
            metadata: ["kind": "\(Object.resource.kind)", "object": "\(object.key)", "reason": "\(object.reason)"])
        if let substitute = Object.substitute(for: object.key) {
            enter(substitute)
        } else {
            forget(type, object.key)
            type.close(object.key, &model)
        }
        known[Object.kind, default: []].insert(object.key)
        unreadable["\(Object.resource.kind) \(object.key)"] = object.reason
    }
}
