package import ClusterAPI
package import KubernetesClient

/// The objects of one cluster-scoped kind as the API has them, by name.
package struct Mirror<Object: APIObject>: Hashable, Sendable {
    package private(set) var objects: [String: Object] = [:]
    /// Objects that exist and that we cannot read, with the reason.
    ///
    /// They must not be taken for absent.
    package private(set) var unreadable: [String: String] = [:]
    /// True once the whole list has been seen.
    package private(set) var isComplete = false

    package init(_ objects: [Object] = []) { replace(objects) }

    /// An incomplete mirror: nothing is known yet.
    package static var unknown: Mirror {
        var mirror = Mirror()
        mirror.isComplete = false
        return mirror
    }

    package subscript(name: String) -> Object? { objects[name] }

    /// True if an object of this name exists, readable or not.
    package func contains(_ name: String) -> Bool { objects[name] != nil || unreadable[name] != nil }

    /// The objects in the order of their names.
    package var sorted: [Object] { objects.sorted { $0.key < $1.key }.map(\.value) }

    package mutating func apply(_ event: CacheEvent<Object>) {
        switch event {
        case .replaced(let all, let unreadable): replace(all, unreadable)
        case .upserted(let object): upsert(object)
        case .deleted(let object): remove(object.key.name)
        case .unreadable(let object):
            objects[object.key.name] = nil
            unreadable[object.key.name] = object.reason
        // A cluster without the kind has no objects of it.
        case .missing: self = Mirror()
        case .disconnected, .resumed: break
        }
    }

    /// What is older than what is known is no news: answers to our writes and the watch tell of the same object, in any order.
    package mutating func upsert(_ object: Object) {
        if let known = objects[object.key.name], object.isOlder(than: known) { return }
        objects[object.key.name] = object
        unreadable[object.key.name] = nil
    }

    package mutating func remove(_ name: String) {
        objects[name] = nil
        unreadable[name] = nil
    }

    /// What a deletion of ours has taken away; another object of that name stays.
    package mutating func remove(_ name: String, uid: String?) {
        if uid == nil || objects[name]?.metadata.uid == uid { remove(name) }
    }

    private mutating func replace(_ all: [Object], _ unreadable: [UnreadableObject] = []) {
        objects = Dictionary(all.map { ($0.key.name, $0) }) { _, last in last }
        self.unreadable = Dictionary(unreadable.map { ($0.key.name, $0.reason) }) { _, last in last }
        isComplete = true
    }
}
