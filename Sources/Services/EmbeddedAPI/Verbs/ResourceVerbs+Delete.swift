import APIMachinery
import ClusterAPI

extension ResourceVerbs {
    func delete(_ request: ResourceRequest) async throws -> APIResponse {
        let options = try DeleteOptions(request)
        let key = try request.key()
        try Deletion.check(key, request.resource)
        let outcome = try await remove(key, request.resource, options, at: request.now)
        let rendering = try request.rendering()
        switch outcome {
        case .committed(let objects):
            guard let object = objects.first,
                store.object(key)?.uid == object.uid || request.resource.returnsDeletedObject
            else {
                return gone(request, key, uid: objects.first?.uid)
            }
            return APIResponse(bytes: try rendering.bytes(object))
        case .unchanged(let object): return APIResponse(bytes: try rendering.bytes(object))
        case .preview(let document): return gone(request, key, uid: document["metadata"]?["uid"]?.string)
        }
    }

    private func gone(_ request: ResourceRequest, _ key: StoreKey, uid: String?) -> APIResponse {
        APIResponse(APIStatus.success(of: request.resource, name: key.name, uid: uid))
    }

    /// Begins the deletion of one object; 404 when there is none, 409 when a precondition fails.
    private func remove(
        _ key: StoreKey, _ resource: ResourceDescriptor, _ options: DeleteOptions, at now: APITime
    ) async throws -> StoreOutcome {
        try await store.write { view in
            guard let existing = view[key] else { throw APIStatus.notFound(resource, name: key.name) }
            try options.check(existing, resource)
            let mutations = try Deletion.mutations(of: existing, options, at: now)
            if options.isDryRun { return .preview(try existing.document) }
            return mutations.isEmpty ? .unchanged(existing) : .commit(mutations)
        }
    }

    /// Deletes what the selectors match, each object by itself, and answers with the list of them.
    func deleteCollection(_ request: ResourceRequest) async throws -> APIResponse {
        let options = try DeleteOptions(request)
        let selection = try request.selection()
        let list = store.list(request.resource.qualifiedPlural, namespace: selection.namespace)
        let chosen = list.objects.filter(selection.matches)
        for object in chosen { try Deletion.check(object.key, request.resource) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for object in chosen {
                var own = options
                own.uid = object.uid
                group.addTask { [own] in
                    do {
                        _ = try await remove(object.key, request.resource, own, at: request.now)
                    } catch let failure as APIStatus where failure.reason == "NotFound" || failure.reason == "Conflict"
                    {
                        // Someone else removed it, or it is another object by now: not ours to delete.
                        return
                    }
                }
            }
            try await group.waitForAll()
        }
        let metadata: JSONValue = ["resourceVersion": .string(String(store.revision))]
        let rendering = try request.rendering()
        var response = APIResponse(bytes: try rendering.listBytes(chosen, metadata: metadata))
        if !rendering.isVerbatim { response.written = Self.names(of: chosen) }
        return response
    }

    /// The least list that names its objects.
    private static func names(of objects: [StoredObject]) -> JSONValue {
        let items = objects.map { object in
            JSONValue.object([
                "metadata": .object(["namespace": .string(object.key.namespace), "name": .string(object.key.name)])
            ])
        }
        return .object(["kind": "List", "apiVersion": "v1", "items": .array(items)])
    }
}
