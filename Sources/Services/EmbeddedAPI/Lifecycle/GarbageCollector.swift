import APIMachinery
import ClusterAPI
import Logging

/// Removes what nobody owns any more: dependents of deleted owners, the content of namespaces and of kinds that go.
///
/// Works on hints, one after the other. A hint may be stale: every step looks at the present state again.
struct GarbageCollector: Sendable {
    let store: ObjectStore
    let registry: ResourceRegistry
    let clock: @Sendable () -> APITime
    let logger: Logger

    /// How long the content of a namespace outlives the request that deletes it.
    ///
    /// `kubectl delete -f` of a file with a namespace and its content asks for them one by one, and must find them.
    private static let namespaceGrace = Duration.seconds(1)
    private static let foreground = "foregroundDeletion"
    private static let orphan = "orphan"

    /// Runs until the hints end.
    ///
    /// First everything that a crash may have left half done is looked at.
    func run(_ hints: AsyncStream<CollectorHint>) async {
        for hint in leftovers() { await handle(hint) }
        await withDiscardingTaskGroup { group in
            for await hint in hints {
                guard isLater(hint) else {
                    await handle(hint)
                    continue
                }
                group.addTask {
                    guard (try? await Task.sleep(for: Self.namespaceGrace)) != nil else { return }
                    await handle(hint)
                }
            }
            group.cancelAll()
        }
    }

    /// True for a namespace that has just begun to go; its time of deletion is known to the second.
    private func isLater(_ hint: CollectorHint) -> Bool {
        guard case .examine(let key) = hint, key.resource == ResourceVerbs.namespaces,
            let metadata = try? store.object(key)?.document["metadata"],
            let began = metadata["deletionTimestamp"]?.string.flatMap(APITime.init)
        else { return false }
        return clock().microseconds - began.microseconds < 1_500_000
    }

    private func leftovers() -> [CollectorHint] {
        var hints: [CollectorHint] = []
        let served = Set(registry.catalogue.resources.map(\.qualifiedPlural))
        for resource in store.resources {
            if !served.contains(resource) { hints.append(.kindGone(resource)) }
            for object in store.list(resource, namespace: nil).objects
            where object.isTerminating || !object.ownerUIDs.isEmpty {
                hints.append(.examine(object.key))
            }
        }
        return hints
    }

    private func handle(_ hint: CollectorHint) async {
        do {
            switch hint {
            case .examine(let key): try await examine(key)
            case .ownerGone(let uid):
                for dependent in store.dependents(of: uid) { try await examine(dependent.key) }
            case .kindGone(let resource):
                let served = registry.catalogue.resources.contains { $0.qualifiedPlural == resource }
                guard !served else { return }
                for object in store.list(resource, namespace: nil).objects {
                    _ = try await store.write { view in
                        view[object.key] == nil ? .commit([]) : .commit([.delete(object.key)])
                    }
                }
            }
        } catch StoreError.closed {
            return
        } catch {
            logger.error("the garbage collector cannot handle \(hint): \(error)")
        }
    }

    private func examine(_ key: StoreKey) async throws {
        guard let object = store.object(key) else { return }
        if object.isTerminating {
            if key.resource == ResourceVerbs.namespaces { try await empty(object) }
            if key.resource == ResourceRegistry.definitions { try await emptyKind(of: object) }
            let finalizers = (try object.document["metadata"]?["finalizers"]?.array ?? []).compactMap(\.string)
            if finalizers.contains(Self.orphan) { try await orphanDependents(of: object) }
            if finalizers.contains(Self.foreground) { try await collectForeground(object) }
        }
        if !object.ownerUIDs.isEmpty { try await checkOwners(of: object) }
    }

    /// Deletes an object without any living owner; takes dead ones out of the references of the others.
    private func checkOwners(of object: StoredObject) async throws {
        let living = object.ownerUIDs.filter { uid in
            guard let owner = store.object(uid: uid) else { return false }
            // An owner in another namespace does not count, as in the real server.
            return owner.key.namespace.isEmpty || owner.key.namespace == object.key.namespace
        }
        guard living.count < object.ownerUIDs.count else { return }
        if living.isEmpty {
            try await delete(object, .background)
        } else {
            try await edit(object) { document in
                let references = document["metadata"]?["ownerReferences"]?.array ?? []
                document["metadata"]?["ownerReferences"] = .array(
                    references.filter { living.contains($0["uid"]?.string ?? "") })
            }
        }
    }

    private func collectForeground(_ owner: StoredObject) async throws {
        let dependents = store.dependents(of: owner.uid)
        for dependent in dependents where !dependent.isTerminating {
            let hasOthers = dependent.ownerUIDs.contains { $0 != owner.uid && store.object(uid: $0) != nil }
            if !hasOthers { try await delete(dependent, .foreground) }
        }
        let blocking = try store.dependents(of: owner.uid).filter { dependent in
            (try dependent.document["metadata"]?["ownerReferences"]?.array ?? []).contains {
                $0["uid"]?.string == owner.uid && $0["blockOwnerDeletion"]?.bool == true
            }
        }
        if blocking.isEmpty { try await removeFinalizer(Self.foreground, from: owner) }
    }

    private func orphanDependents(of owner: StoredObject) async throws {
        for dependent in store.dependents(of: owner.uid) {
            try await edit(dependent) { document in
                let references = document["metadata"]?["ownerReferences"]?.array ?? []
                let others = references.filter { $0["uid"]?.string != owner.uid }
                document["metadata"]?["ownerReferences"] = others.isEmpty ? nil : .array(others)
            }
        }
        try await removeFinalizer(Self.orphan, from: owner)
    }

    /// Deletes what is in a terminating namespace, and lets the namespace go when nothing is left.
    private func empty(_ namespace: StoredObject) async throws {
        let name = namespace.key.name
        let content = store.resources.flatMap { store.list($0, namespace: name).objects }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for object in content where !object.isTerminating {
                group.addTask { try await delete(object, .background) }
            }
            try await group.waitForAll()
        }
        guard store.resources.allSatisfy({ store.list($0, namespace: name).objects.isEmpty }) else { return }
        try await edit(namespace) { $0 = NamespaceLifecycle.emptied($0) }
    }

    /// Deletes the objects of a terminating definition, and lets it go when nothing is left.
    private func emptyKind(of definition: StoredObject) async throws {
        let kind = definition.key.name
        for object in store.list(kind, namespace: nil).objects where !object.isTerminating {
            try await delete(object, .background)
        }
        guard store.list(kind, namespace: nil).objects.isEmpty else { return }
        try await removeFinalizer(CustomResourceStatus.cleanup, from: definition)
    }

    private func removeFinalizer(_ finalizer: String, from object: StoredObject) async throws {
        try await edit(object) { document in
            let others = (document["metadata"]?["finalizers"]?.array ?? []).filter { $0.string != finalizer }
            document["metadata"]?["finalizers"] = others.isEmpty ? nil : .array(others)
        }
    }

    private func delete(_ object: StoredObject, _ propagation: DeleteOptions.Propagation) async throws {
        let now = clock()
        let options = DeleteOptions(propagation: propagation, uid: object.uid)
        _ = try await store.write { view in
            guard let present = view[object.key], present.uid == object.uid else { return .commit([]) }
            return .commit(try Deletion.mutations(of: present, options, at: now))
        }
    }

    /// Changes an object, or ends its deletion when the change leaves nothing to wait for.
    private func edit(_ object: StoredObject, _ change: @escaping @Sendable (inout JSONValue) -> Void) async throws {
        _ = try await store.write { view in
            guard let present = view[object.key], present.uid == object.uid else { return .commit([]) }
            var document = try present.document
            let before = document
            change(&document)
            if ResourceVerbs.isFinished(document, object.key) { return .commit([.delete(object.key, last: document)]) }
            return .commit(document == before ? [] : [.put(object.key, document)])
        }
    }
}
