import APIMachinery
import ClusterAPI
import Logging

/// What can be done with objects.
///
/// One file for reading, one for each way of writing.
struct ResourceVerbs: Sendable {
    let store: ObjectStore
    let registry: ResourceRegistry
    let counters: ServerCounters
    let services: ServiceSettings
    let logger: Logger

    static let namespaces = "namespaces"

    func respond(to request: ResourceRequest) async throws -> APIResponse {
        guard Self.serves(request) else { throw APIStatus.unknownPath }
        guard Self.accepts(request) else { throw APIStatus.methodNotAllowed }
        guard request.resource.verbs.contains(request.verb) || request.target.subresource != nil else {
            throw APIStatus.methodNotAllowed
        }
        switch request.verb {
        case "get": return try get(request)
        case "list": return try list(request)
        case "watch": return try watch(request)
        case "create" where request.target.subresource == "binding": return try await bind(request)
        case "create": return try await create(request)
        case "update": return try await update(request)
        case "patch": return try await patch(request)
        case "delete": return try await delete(request)
        case "deletecollection": return try await deleteCollection(request)
        default: throw APIStatus.methodNotAllowed
        }
    }

    /// Whether new objects come to a collection of one namespace, where the kind has such.
    private static func accepts(_ request: ResourceRequest) -> Bool {
        guard request.verb == "create", request.target.subresource == nil else { return true }
        return request.target.name == nil && request.resource.isNamespaced == (request.target.namespace != nil)
    }

    /// Whether scope and subresource of the URL exist for the kind.
    private static func serves(_ request: ResourceRequest) -> Bool {
        let isNamespaced = request.target.namespace != nil
        if isNamespaced, !request.resource.isNamespaced { return false }
        if request.target.name != nil, request.resource.isNamespaced, !isNamespaced { return false }
        switch request.target.subresource {
        case nil: return true
        case "status": return request.resource.hasStatus && ["get", "update", "patch"].contains(request.verb)
        case "finalize": return request.resource.qualifiedPlural == namespaces && request.verb == "update"
        case "binding": return request.resource.qualifiedPlural == "pods" && request.verb == "create"
        default: return false
        }
    }

    /// The answer to a write of one object.
    func response(
        _ status: Int, _ outcome: StoreOutcome, _ request: ResourceRequest, _ rendering: ObjectRendering,
        warnings: [String] = []
    ) throws -> APIResponse {
        let object = try outcome.document
        var response = APIResponse(status: status, rendering.document(object), warnings: warnings)
        response.written = request.resource.converted(object, to: request.version)
        return response
    }

    /// Holds what a node would write against what is its own; for everybody else nothing.
    func restrict(
        _ after: JSONValue, replacing before: JSONValue?, _ key: StoreKey, _ request: ResourceRequest,
        in view: StoreView
    ) throws {
        guard let restriction = request.restriction else { return }
        try restriction.check(after, replacing: before, key, request.resource)
        let claims = NodeAddressClaims(node: restriction.node, view: view) { resource in
            view.objects(resource, committed: store.list(resource, namespace: nil).objects)
        }
        try claims.check(after, replacing: before, key, request.resource)
    }

    /// An object, or 404.
    func existing(_ request: ResourceRequest) throws -> StoredObject {
        let key = try request.key()
        guard let object = store.object(key) else { throw APIStatus.notFound(request.resource, name: key.name) }
        return object
    }
}
