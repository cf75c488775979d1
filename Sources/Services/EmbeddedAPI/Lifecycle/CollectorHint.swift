/// Something that the garbage collector must look at.
enum CollectorHint: Hashable, Sendable {
    /// An object that has owners, or waits for its deletion.
    case examine(StoreKey)
    /// No object has this uid any more.
    case ownerGone(String)
    /// A kind is not served any more: objects that are left, because somebody took the definition's finalizer off, go.
    case kindGone(String)

    /// What a committed change may have made collectable.
    static func hints(for event: StoreEvent, in store: ObjectStore) -> [CollectorHint] {
        let object = event.object
        var hints: [CollectorHint] = []
        if event.kind != .deleted {
            return object.isTerminating || !object.ownerUIDs.isEmpty ? [.examine(object.key)] : []
        }
        hints.append(.ownerGone(object.uid))
        // A foreground deletion waits for its dependents, a namespace for its content.
        for owner in object.ownerUIDs {
            if let waiting = store.object(uid: owner), waiting.isTerminating { hints.append(.examine(waiting.key)) }
        }
        let namespace = StoreKey(resource: ResourceVerbs.namespaces, namespace: "", name: object.key.namespace)
        if !object.key.namespace.isEmpty, store.object(namespace)?.isTerminating == true {
            hints.append(.examine(namespace))
        }
        // A definition waits for the last of its objects.
        let definition = StoreKey(resource: ResourceRegistry.definitions, namespace: "", name: object.key.resource)
        if store.object(definition)?.isTerminating == true,
            store.list(object.key.resource, namespace: nil).objects.isEmpty
        {
            hints.append(.examine(definition))
        }
        if object.key.resource == ResourceRegistry.definitions { hints.append(.kindGone(object.key.name)) }
        return hints
    }
}
