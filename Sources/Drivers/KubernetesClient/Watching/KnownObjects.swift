package import ClusterAPI

/// Which objects of one kind are known, so that a watch's events can be taken apart into what comes and what goes.
package struct KnownObjects<Object: APIObject>: Sendable {
    package enum Change: Sendable {
        case entered(Object)
        case left(ObjectKey)
        /// It is there, and counts as known.
        case unreadable(UnreadableObject)
    }

    private var keys: Set<ObjectKey> = []
    /// True once the whole list has been seen, or that the server does not have the kind.
    package private(set) var isComplete = false

    package init() {}

    /// What an event comes to, in order; nil for news of the connection alone.
    package mutating func changes(by event: CacheEvent<Object>) -> [Change]? {
        switch event {
        case .replaced(let objects, let unreadable):
            let present = Set(objects.map(\.key)).union(unreadable.map(\.key))
            let gone = keys.subtracting(present)
            keys = present
            isComplete = true
            return gone.map { .left($0) } + objects.map { .entered($0) } + unreadable.map { .unreadable($0) }
        case .upserted(let object):
            keys.insert(object.key)
            return [.entered(object)]
        case .deleted(let object):
            keys.remove(object.key)
            return [.left(object.key)]
        case .unreadable(let object):
            keys.insert(object.key)
            return [.unreadable(object)]
        case .missing:
            let gone = keys
            keys = []
            isComplete = true
            return gone.map { .left($0) }
        case .disconnected, .resumed: return nil
        }
    }
}
