import APIMachinery
import ClusterAPI
import Foundation

extension ResourceVerbs {
    /// Tries for a free generated name.
    private static let nameAttempts = 8

    func create(_ request: ResourceRequest) async throws -> APIResponse {
        let body = try request.document()
        let isGenerated = body["metadata"]?["name"]?.string?.isEmpty != false
        for attempt in 1...Self.nameAttempts {
            do {
                return try await createOnce(request, body)
            } catch let failure as APIStatus
                where failure.reason == "AlreadyExists" && isGenerated && attempt < Self.nameAttempts
            {
                continue
            }
        }
        throw APIStatus.internalError("no free name was found for \(request.resource.qualifiedPlural)")
    }

    private func createOnce(_ request: ResourceRequest, _ body: JSONValue) async throws -> APIResponse {
        let rendering = try request.rendering()
        let isDryRun = try request.isDryRun()
        let prepared = try request.objectWrite().create(
            body, uid: UUID().uuidString.lowercased(), nameSuffix: Self.nameSuffix())
        let key = request.key(prepared.object["metadata"]?["name"]?.string ?? "")
        let ready = try completed(prepared.object, key)
        let outcome = try await reportingRefusals(key, request) { view in
            try creation(of: ready, at: key, request, isDryRun: isDryRun, in: view)
        }
        return try response(201, outcome, request, rendering, warnings: prepared.warnings)
    }

    /// Decides in the writer about an object that is complete but for what depends on others.
    func creation(
        of ready: JSONValue, at key: StoreKey, _ request: ResourceRequest, isDryRun: Bool, in view: StoreView
    ) throws -> StoreDecision {
        try Self.checkNamespace(of: key, request.resource, in: view)
        try Self.checkDefinition(of: request.resource, in: view)
        if let existing = view[key] {
            var refusal = APIStatus.alreadyExists(request.resource, name: key.name)
            if existing.isTerminating { refusal.message = "object is being deleted: " + refusal.message }
            throw refusal
        }
        let allocator = ServiceAllocator(settings: services)
        let object = try allocator.complete(ready, replacing: nil, key, request.resource, in: view)
        try restrict(object, replacing: nil, key, request, in: view)
        try checkExternalIPs(object, replacing: nil, key, request.resource, in: view)
        return isDryRun ? .preview(object) : .commit([.put(key, object)])
    }

    /// What this server adds to new objects of some kinds.
    func completed(_ object: JSONValue, _ key: StoreKey) throws -> JSONValue {
        var object = object
        switch key.resource {
        case Self.namespaces: object = NamespaceLifecycle.prepared(object)
        case ResourceRegistry.definitions:
            try registry.check(object)
            object = CustomResourceStatus.established(object, at: object["metadata"]?["creationTimestamp"])
        default: break
        }
        return object
    }

    /// 404 for a namespace that does not exist, 403 for one that goes away.
    static func checkNamespace(of key: StoreKey, _ resource: ResourceDescriptor, in view: StoreView) throws(APIStatus) {
        guard resource.isNamespaced else { return }
        guard !key.namespace.isEmpty else {
            throw .badRequest("an empty namespace may not be set during creation")
        }
        let namespace = StoreKey(resource: namespaces, namespace: "", name: key.namespace)
        guard let existing = view[namespace] else {
            throw .notFound(group: "", plural: namespaces, name: key.namespace)
        }
        guard existing.isTerminating else { return }
        var refusal = APIStatus.forbidden(
            resource, name: key.name,
            why: "unable to create new content in namespace \(key.namespace) because it is being terminated")
        refusal.details?.causes = [
            APIStatus.Cause(
                reason: "NamespaceTerminating", message: "namespace \(key.namespace) is being terminated",
                field: "metadata.namespace")
        ]
        throw refusal
    }

    /// 404 when the kind's definition went with an earlier write, 405 while it goes away.
    private static func checkDefinition(of resource: ResourceDescriptor, in view: StoreView) throws(APIStatus) {
        guard let name = resource.customResourceDefinition else { return }
        let key = StoreKey(resource: ResourceRegistry.definitions, namespace: "", name: name)
        guard let definition = view[key] else { throw .unknownPath }
        guard definition.isTerminating else { return }
        throw .methodNotAllowed(
            resource, why: "create not allowed while custom resource definition is terminating")
    }

    private static func nameSuffix() -> String {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<5).map { _ in letters[Int.random(in: 0..<letters.count)] })
    }

    /// `pods/NAME/binding`: sets the node of a pod that has none.
    func bind(_ request: ResourceRequest) async throws -> APIResponse {
        let body = try request.document()
        let key = try request.key()
        guard let node = body["target"]?["name"]?.string, !node.isEmpty else {
            throw APIStatus.badRequest("a Binding needs target.name")
        }
        let isDryRun = try request.isDryRun()
        _ = try await store.write { view in
            guard let pod = view[key] else { throw APIStatus.notFound(request.resource, name: key.name) }
            let before = try pod.document
            var document = before
            guard document["spec"]?["nodeName"]?.string?.isEmpty != false else {
                throw APIStatus.conflict(
                    group: "", subject: "pods/binding", name: key.name,
                    why:
                        "pod \(key.name) is already assigned to node \"\(document["spec"]?["nodeName"]?.string ?? "")\""
                )
            }
            document["spec"]?["nodeName"] = .string(node)
            try self.restrict(document, replacing: before, key, request, in: view)
            return isDryRun ? .preview(document) : .commit([.put(key, document)])
        }
        return APIResponse(
            status: 201,
            ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201])
    }
}
