import APIMachinery
import ClusterAPI

/// Answers SelfSubjectAccessReview: `kubectl auth can-i`.
struct AccessReview: Sendable {
    let authorizer: Authorizer

    func response(to request: ResourceRequest, by identity: Identity) throws -> APIResponse {
        guard request.verb == "create" else {
            throw APIStatus.methodNotAllowed
        }
        var review = try request.document()
        let isAllowed: Bool
        if let attributes = review["spec"]?["resourceAttributes"] {
            isAllowed = authorizer.allows(Self.access(attributes), by: identity)
        } else if let path = review["spec"]?["nonResourceAttributes"]?["path"]?.string {
            isAllowed = authorizer.allowsPath(RequestTarget(path: path), by: identity)
        } else {
            throw APIStatus.emptyAccessReview
        }
        review["metadata"] = ["creationTimestamp": .null]
        review["status"] = ["allowed": .bool(isAllowed)]
        return APIResponse(status: 201, review)
    }

    /// `*` stands for every verb or resource: allowed to nobody but administrators.
    private static func access(_ attributes: JSONValue) -> AccessRequest {
        let text = { (name: String) in attributes[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        return AccessRequest(
            verb: text("verb") ?? "", group: text("group") ?? "", resource: text("resource") ?? "",
            subresource: text("subresource"), namespace: text("namespace"), name: text("name"))
    }
}
