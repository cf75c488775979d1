import APIMachinery
import ClusterAPI

extension ResourceVerbs {
    func update(_ request: ResourceRequest) async throws -> APIResponse {
        let body = try request.document()
        if request.target.subresource == "finalize" { return try await finalize(request, body) }
        return try await replace(request, by: Change { _ in (body, nil) })
    }

    func patch(_ request: ResourceRequest) async throws -> APIResponse {
        if request.isApply { return try await apply(request) }
        guard request.query["force"] == nil else { throw FieldOptions.forceIsForApply }
        let patch = try Patch(contentType: request.contentType, body: try request.json(), of: request.resource)
        return try await replace(
            request,
            by: Change { existing in
                let present = request.resource.converted(existing, to: request.version)
                return (try patch.applied(to: present, of: request.resource), nil)
            })
    }

    /// What a write makes of an object.
    struct Change: Sendable {
        /// The whole new object, and its owners where they do not follow from what has changed.
        let body: @Sendable (JSONValue) throws -> (JSONValue, FieldOwnership?)
        /// What becomes of an object that is not there; nil is 404.
        var creation: (@Sendable (StoreView) throws -> StoreDecision)?

        init(_ body: @escaping @Sendable (JSONValue) throws -> (JSONValue, FieldOwnership?)) { self.body = body }
    }

    /// Replaces an object by what `change` makes of it, and removes it when that was the last finalizer.
    func replace(_ request: ResourceRequest, by change: Change) async throws -> APIResponse {
        let rendering = try request.rendering()
        let key = try request.key()
        let isDryRun = try request.isDryRun()
        let write = try request.objectWrite()
        let part: ObjectWrite.Part = request.target.subresource == "status" ? .status : .main
        let notes = WriteNotes()
        let allocator = ServiceAllocator(settings: services)
        let outcome = try await reportingRefusals(key, request) { view in
            guard let existing = view[key] else {
                guard let creation = change.creation else { throw APIStatus.notFound(request.resource, name: key.name) }
                return try creation(view)
            }
            notes.found()
            let before = try existing.document
            let (body, ownership) = try change.body(before)
            try Self.checkRevision(of: body, against: existing, request.resource)
            if request.verb == "update", Self.revision(of: body) == nil, !request.resource.allowsUnconditionalUpdate {
                throw APIStatus.revisionRequired(request.resource, name: key.name)
            }
            var write = write
            if let ownership { write.ownership = ownership }
            var result = try write.update(body, replacing: before, name: key.name, part: part)
            notes.set(result.warnings)
            result.object = try checked(result.object, replacing: before, key)
            if part == .main {
                result.object = try allocator.complete(
                    result.object, replacing: before, key, request.resource, in: view)
                try checkExternalIPs(result.object, replacing: before, key, request.resource, in: view)
            }
            let after = result.object
            try restrict(after, replacing: before, key, request, in: view)
            if isDryRun { return .preview(Self.stamped(after, existing.revision)) }
            if Self.isFinished(after, key) { return .commit([.delete(key, last: after)]) }
            return result.isChange(from: before) ? .commit([.put(key, after)]) : .unchanged(existing)
        }
        return try response(notes.wasThere ? 200 : 201, outcome, request, rendering, warnings: notes.warnings)
    }

    /// What this server keeps to itself in objects of some kinds.
    private func checked(
        _ object: JSONValue, replacing before: JSONValue, _ key: StoreKey
    ) throws(APIStatus) -> JSONValue {
        var object = object
        switch key.resource {
        case Self.namespaces:
            // Only `/finalize` changes what a namespace waits for.
            object["spec"] = before["spec"]
        case ResourceRegistry.definitions:
            try registry.check(object)
            object = CustomResourceStatus.established(object, at: object["metadata"]?["creationTimestamp"])
        default: break
        }
        return object
    }

    /// 409 when the body was made from another state than the present one.
    private static func checkRevision(
        of body: JSONValue, against existing: StoredObject, _ resource: ResourceDescriptor
    ) throws(APIStatus) {
        let metadata = body["metadata"]
        if let uid = metadata?["uid"]?.string, !uid.isEmpty, uid != existing.uid {
            throw .conflict(
                resource, name: existing.key.name,
                why: "Precondition failed: UID in precondition: \(uid), UID in object meta: \(existing.uid)")
        }
        if let asked = revision(of: body), asked != String(existing.revision) {
            throw .modifiedConflict(resource, name: existing.key.name)
        }
    }

    private static func revision(of body: JSONValue) -> String? {
        body["metadata"]?["resourceVersion"]?.string.flatMap { $0.isEmpty || $0 == "0" ? nil : $0 }
    }

    /// Whether a terminating object has nothing left to wait for.
    static func isFinished(_ object: JSONValue, _ key: StoreKey) -> Bool {
        guard object["metadata"]?["deletionTimestamp"]?.string != nil,
            object["metadata"]?["finalizers"]?.array?.isEmpty != false
        else { return false }
        return key.resource != namespaces || object["spec"]?["finalizers"]?.array?.isEmpty != false
    }

    static func stamped(_ object: JSONValue, _ revision: UInt64) -> JSONValue {
        var object = object
        object["metadata"]?["resourceVersion"] = .string(String(revision))
        return object
    }

    /// `namespaces/NAME/finalize`: replaces `spec.finalizers`.
    private func finalize(_ request: ResourceRequest, _ body: JSONValue) async throws -> APIResponse {
        let rendering = try request.rendering()
        let key = try request.key()
        let isDryRun = try request.isDryRun()
        try NamespaceRules.checkFinalizers(body, name: key.name)
        let outcome = try await store.write { view in
            guard let existing = view[key] else { throw APIStatus.notFound(request.resource, name: key.name) }
            try Self.checkRevision(of: body, against: existing, request.resource)
            var document = try existing.document
            if document["spec"] == nil { document["spec"] = [:] }
            document["spec"]?["finalizers"] = body["spec"]?["finalizers"]
            if isDryRun { return .preview(document) }
            if Self.isFinished(document, key) { return .commit([.delete(key, last: document)]) }
            return .commit([.put(key, document)])
        }
        return try response(200, outcome, request, rendering)
    }
}
