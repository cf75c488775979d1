import APIMachinery
import ClusterAPI
import HTTPTypes
import Logging
import NIOCore

/// One request from identity to answer: who, may they, what.
struct APIResponder: Sendable {
    let verbs: ResourceVerbs
    let discovery: DiscoveryResponses
    let authenticator: Authenticator
    let authorizer: Authorizer
    let clock: @Sendable () -> APITime
    let logger: Logger
    var audit: AuditLog?

    /// What the transport knows about a request.
    struct Arrival: Sendable {
        let head: HTTPRequest
        var body: ByteBuffer
        let channel: any Channel
        let listener: Authenticator.Listener
        /// The body was longer than `HTTPService.bodyLimit`, and was not read to its end.
        var isTooLarge = false
    }

    func respond(to arrival: Arrival) async -> APIResponse {
        verbs.counters.requestArrived()
        let received = clock()
        let parts = (arrival.head.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let target = RequestTarget(path: String(parts[0]))
        var identity: Identity?
        let response = await outcome(of: arrival, at: target, parts.count > 1 ? String(parts[1]) : "", &identity)
        if let audit { await record(arrival, at: target, of: identity, response, since: received, in: audit) }
        return response
    }

    private func outcome(
        of arrival: Arrival, at target: RequestTarget, _ query: String, _ identity: inout Identity?
    ) async -> APIResponse {
        do {
            return try await answer(arrival, at: target, query, &identity)
        } catch let failure as APIStatus {
            return APIResponse(failure)
        } catch StoreError.closed {
            return APIResponse(APIStatus.serviceUnavailable("\(StoreError.closed)"))
        } catch {
            logger.error("\(arrival.head.method) \(arrival.head.path ?? ""): \(error)")
            return APIResponse(APIStatus.internalError("\(error)"))
        }
    }

    /// `sender` is who asks, once that is known.
    private func answer(
        _ arrival: Arrival, at target: RequestTarget, _ query: String, _ sender: inout Identity?
    ) async throws -> APIResponse {
        if target == .health { return APIResponse(text: "ok") }
        guard
            let identity = await authenticator.identity(
                headers: arrival.head.headerFields, channel: arrival.channel, listener: arrival.listener)
        else { throw APIStatus.unauthorized }
        sender = identity
        // The log names the sender, whoever it asks to be taken for.
        let asked = try Impersonation.identity(asked: arrival.head.headerFields, by: identity)
        if arrival.isTooLarge { throw APIStatus.requestEntityTooLarge(limit: HTTPService.bodyLimit) }
        let query = RequestQuery(query)
        let accept = AcceptHeader(arrival.head.headerFields[.accept])
        guard case .object(let object) = target else {
            return try path(target, asked, accept, host: arrival.head.authority ?? "localhost", arrival.head)
        }
        return try await respond(about: object, query, accept, asked, arrival)
    }

    private func path(
        _ target: RequestTarget, _ identity: Identity, _ accept: AcceptHeader, host: String, _ head: HTTPRequest
    ) throws -> APIResponse {
        guard authorizer.allowsPath(target, by: identity) else {
            throw APIStatus.forbidden(
                group: "", plural: "", name: nil,
                why: "User \"\(identity.user)\" cannot get path \"\(head.path ?? "")\"")
        }
        guard head.method == .get else {
            throw APIStatus.methodNotAllowed
        }
        if target == .metrics {
            return APIResponse(text: verbs.counters.text(revision: verbs.store.revision))
        }
        guard let response = try discovery.response(to: target, accept: accept, host: host) else {
            throw APIStatus.unknownPath
        }
        return response
    }

    private func respond(
        about target: ObjectTarget, _ query: RequestQuery, _ accept: AcceptHeader, _ identity: Identity,
        _ arrival: Arrival
    ) async throws -> APIResponse {
        guard let verb = try Self.verb(arrival.head.method, target, query) else { throw APIStatus.methodNotAllowed }
        var access = AccessRequest(
            verb: verb, group: target.version.group, resource: target.plural, subresource: target.subresource,
            namespace: target.plural == ResourceVerbs.namespaces ? nil : target.namespace, name: target.name)
        if verb == "create", access.name == nil, identity.nodeName != nil {
            // What an agent may create depends on the name, which only the body has.
            access.name = Self.nameInBody(arrival)
        }
        guard authorizer.allows(access, by: identity) else { throw Self.denial(access, identity, name: target.name) }
        let catalogue = verbs.registry.catalogue
        guard let resource = catalogue.resource(at: target.version, plural: target.plural) else {
            throw APIStatus.unknownPath
        }
        var request = ResourceRequest(
            resource: resource, target: target, verb: verb, query: query, accept: accept,
            contentType: arrival.head.headerFields[.contentType] ?? "", body: arrival.body, now: clock(),
            restriction: NodeRestriction(identity), userAgent: arrival.head.headerFields[.userAgent] ?? "")
        if verb == "patch", request.isApply {
            access.verb = "create"
            if !authorizer.allows(access, by: identity) {
                request.createRefusal = Self.denial(access, identity, name: target.name)
            }
        }
        if let review = try review(request, of: identity) { return review }
        return try await verbs.respond(to: request)
    }

    /// The answer to a question of the sender about itself; nil for every other request.
    private func review(_ request: ResourceRequest, of identity: Identity) throws -> APIResponse? {
        switch request.resource.qualifiedPlural {
        case ResourceDescriptor.selfSubjectAccessReview.qualifiedPlural:
            return try AccessReview(authorizer: authorizer).response(to: request, by: identity)
        case ResourceDescriptor.selfSubjectRulesReview.qualifiedPlural:
            let review = RulesReview(authorizer: authorizer, catalogue: verbs.registry.catalogue)
            return try review.response(to: request, by: identity)
        case ResourceDescriptor.selfSubjectReview.qualifiedPlural:
            guard request.verb == "create" else { throw APIStatus.methodNotAllowed }
            return APIResponse(
                status: 201,
                [
                    "kind": "SelfSubjectReview", "apiVersion": .string(request.version.apiVersion),
                    "metadata": ["creationTimestamp": .string(request.now.text)],
                    "status": ["userInfo": AuditEvent.document(of: identity)],
                ])
        default: return nil
        }
    }

    private static func denial(_ access: AccessRequest, _ identity: Identity, name: String?) -> APIStatus {
        // A Namespace is said to be in itself.
        let isNamespace = access.qualifiedPlural == ResourceVerbs.namespaces
        return APIStatus.forbidden(
            group: access.group, plural: access.resource, name: name,
            why: APIStatus.denial(
                user: identity.user, verb: access.verb, group: access.group, plural: access.qualifiedResource,
                namespace: isNamespace ? name : access.namespace))
    }

    /// The name that a JSON body states; nil when it states none.
    private static func nameInBody(_ arrival: Arrival) -> String? {
        (try? JSONText.decode(arrival.body.readableBytesView))?["metadata"]?["name"]?.string
    }

    /// The verb of a method at a target; nil when the method means nothing there.
    static func verb(
        _ method: HTTPRequest.Method, _ target: ObjectTarget, _ query: RequestQuery
    ) throws -> String? {
        switch method {
        case .get:
            if try query.flag("watch") { return "watch" }
            return target.name == nil ? "list" : "get"
        case .post: return "create"
        case .put: return target.name == nil ? nil : "update"
        case .patch: return target.name == nil ? nil : "patch"
        case .delete: return target.name == nil ? "deletecollection" : "delete"
        default: return nil
        }
    }
}
