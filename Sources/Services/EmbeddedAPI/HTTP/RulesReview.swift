import APIMachinery
import ClusterAPI

/// Answers SelfSubjectRulesReview: `kubectl auth can-i --list`.
///
/// The roles are code, so what they allow is found out by asking them about every kind.
struct RulesReview: Sendable {
    let authorizer: Authorizer
    let catalogue: ResourceCatalogue

    private static let openPaths = [
        "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version",
        "/version/",
    ]

    func response(to request: ResourceRequest, by identity: Identity) throws -> APIResponse {
        guard request.verb == "create" else { throw APIStatus.methodNotAllowed }
        var review = try request.document()
        guard let namespace = review["spec"]?["namespace"]?.string, !namespace.isEmpty else {
            throw APIStatus.badRequest("no namespace on request")
        }
        review["metadata"] = ["creationTimestamp": .null]
        review["status"] = status(of: identity, in: namespace)
        return APIResponse(status: 201, review)
    }

    private func status(of identity: Identity, in namespace: String) -> JSONValue {
        // What some may do to objects of certain names is not found out by asking about none.
        let isIncomplete = identity.nodeName != nil || identity.gateway != nil
        var status: JSONValue = [
            "resourceRules": .array(resourceRules(of: identity, in: namespace)),
            "nonResourceRules": .array(pathRules(of: identity)), "incomplete": .bool(isIncomplete),
        ]
        if isIncomplete { status["evaluationError"] = "what is allowed on objects of certain names is not listed" }
        return status
    }

    private func resourceRules(of identity: Identity, in namespace: String) -> [JSONValue] {
        if identity.groups.contains(Identity.mastersGroup) {
            return [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]]
        }
        return catalogue.resources.flatMap { resource in
            let parts = [nil] + (resource.hasStatus ? ["status"] : [])
            return parts.compactMap { part in rule(resource, part, identity, namespace) }
        }
    }

    private func rule(
        _ resource: ResourceDescriptor, _ part: String?, _ identity: Identity, _ namespace: String
    ) -> JSONValue? {
        let known = part == nil ? resource.verbs : ["get", "patch", "update"]
        let verbs = known.filter { verb in
            authorizer.allows(
                AccessRequest(
                    verb: verb, group: resource.storage.group, resource: resource.plural, subresource: part,
                    namespace: resource.isNamespaced ? namespace : nil, name: nil),
                by: identity)
        }
        guard !verbs.isEmpty else { return nil }
        return [
            "verbs": .array(verbs.map(JSONValue.string)), "apiGroups": [.string(resource.storage.group)],
            "resources": [.string(resource.plural + (part.map { "/" + $0 } ?? ""))],
        ]
    }

    private func pathRules(of identity: Identity) -> [JSONValue] {
        if identity.groups.contains(Identity.mastersGroup) { return [["verbs": ["*"], "nonResourceURLs": ["*"]]] }
        let paths = Self.openPaths + (authorizer.allowsPath(.metrics, by: identity) ? ["/metrics"] : [])
        return [["verbs": ["get"], "nonResourceURLs": .array(paths.map(JSONValue.string))]]
    }
}
