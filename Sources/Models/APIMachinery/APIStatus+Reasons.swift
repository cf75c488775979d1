/// The failures of the API by reason; message forms as in apimachinery `api/errors/errors.go`.
extension APIStatus {
    /// `pods "x" not found`.
    package static func notFound(_ resource: ResourceDescriptor, name: String) -> APIStatus {
        notFound(group: resource.storage.group, plural: resource.plural, name: name)
    }

    package static func notFound(group: String, plural: String, name: String) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(qualified(plural, group)) \"\(name)\" not found",
            details: Details(name: name, group: group, kind: plural))
    }

    /// A path that no resource is served at.
    package static var unknownPath: APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "the server could not find the requested resource",
            details: Details())
    }

    package static func alreadyExists(_ resource: ResourceDescriptor, name: String) -> APIStatus {
        about(resource, name, 409, "AlreadyExists", "\(resource.qualifiedPlural) \"\(name)\" already exists")
    }

    /// The stale resourceVersion of an update.
    package static func modifiedConflict(_ resource: ResourceDescriptor, name: String) -> APIStatus {
        conflict(
            resource, name: name,
            why: "the object has been modified; please apply your changes to the latest version and try again")
    }

    /// 422 for an update that does not say which state it was made from.
    package static func revisionRequired(_ resource: ResourceDescriptor, name: String) -> APIStatus {
        // The real server names the resource here, where other findings name the kind.
        let body = "Invalid value: 0x0: must be specified for an update"
        return APIStatus(
            code: 422, reason: "Invalid",
            message: "\(resource.qualifiedPlural) \"\(name)\" is invalid: metadata.resourceVersion: \(body)",
            details: Details(
                name: name, group: resource.storage.group, kind: resource.plural,
                causes: [Cause(reason: "FieldValueInvalid", message: body, field: "metadata.resourceVersion")]))
    }

    package static func conflict(_ resource: ResourceDescriptor, name: String, why: String) -> APIStatus {
        conflict(group: resource.storage.group, subject: resource.plural, name: name, why: why)
    }

    /// `subject` is what the real server calls it there: a plural, one with a subresource, or a kind.
    package static func conflict(group: String, subject: String, name: String, why: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(qualified(subject, group)) \"\(name)\": \(why)",
            details: Details(name: name, group: group, kind: subject))
    }

    package static func badRequest(_ why: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: why)
    }

    package static var unauthorized: APIStatus {
        APIStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")
    }

    /// `pods "x" is forbidden: User "u" cannot get resource "pods" in API group "" in the namespace "n"`; the part
    /// after `forbidden: ` is `why`.
    ///
    /// Without a name the message is `pods is forbidden: …`.
    package static func forbidden(_ resource: ResourceDescriptor, name: String?, why: String) -> APIStatus {
        forbidden(group: resource.storage.group, plural: resource.plural, name: name, why: why)
    }

    package static func forbidden(group: String, plural: String, name: String?, why: String) -> APIStatus {
        let subject = qualified(plural, group)
        let message =
            if plural.isEmpty {
                "forbidden: \(why)"
            } else if let name, !name.isEmpty {
                "\(subject) \"\(name)\" is forbidden: \(why)"
            } else {
                "\(subject) is forbidden: \(why)"
            }
        return APIStatus(
            code: 403, reason: "Forbidden", message: message, details: Details(name: name, group: group, kind: plural))
    }

    /// The wording of a denied request of a user, for `forbidden(_:name:why:)`.
    ///
    /// `namespace` nil: at the cluster scope.
    package static func denial(
        user: String, verb: String, group: String, plural: String, namespace: String?
    ) -> String {
        let place = namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        return "User \"\(user)\" cannot \(verb) resource \"\(plural)\" in API group \"\(group)\" \(place)"
    }

    /// 410 for a watch or list from a revision that is compacted.
    package static func expired(_ why: String) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: why)
    }

    package static func tooOldResourceVersion(_ asked: UInt64, oldest: UInt64) -> APIStatus {
        expired("too old resource version: \(asked) (\(oldest))")
    }

    /// 410 for a list continued after compaction.
    package static var expiredContinueToken: APIStatus {
        expired(
            "The provided continue parameter is too old to display a consistent list result. You must start a new list"
                + " without the continue parameter.")
    }

    /// A method that means nothing at its path.
    package static var methodNotAllowed: APIStatus {
        APIStatus(
            code: 405, reason: "MethodNotAllowed",
            message: "the server does not allow this method on the requested resource", details: Details())
    }

    package static func methodNotAllowed(_ resource: ResourceDescriptor, why: String) -> APIStatus {
        APIStatus(
            code: 405, reason: "MethodNotAllowed", message: why,
            details: Details(group: resource.storage.group, kind: resource.plural))
    }

    /// 422 for parameters of a request: `CreateOptions.meta.k8s.io "" is invalid: …`.
    static func invalidOptions(_ kind: String, _ errors: [FieldError]) -> APIStatus {
        invalid(Details(group: "meta.k8s.io", kind: kind), subject: "\(kind).meta.k8s.io", errors)
    }

    package static func unsupportedMediaType(supported: [String]) -> APIStatus {
        APIStatus(
            code: 415, reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format - accepted media types include: "
                + supported.joined(separator: ", "))
    }

    package static func notAcceptable(supported: [String]) -> APIStatus {
        APIStatus(
            code: 406, reason: "NotAcceptable",
            message: "only the following media types are accepted: " + supported.joined(separator: ", "))
    }

    package static func requestEntityTooLarge(limit: Int) -> APIStatus {
        APIStatus(
            code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: limit is \(limit)")
    }

    package static func tooManyRequests(_ why: String, retryAfterSeconds: Int) -> APIStatus {
        APIStatus(
            code: 429, reason: "TooManyRequests", message: why, details: Details(retryAfterSeconds: retryAfterSeconds))
    }

    package static func internalError(_ why: String) -> APIStatus {
        APIStatus(
            code: 500, reason: "InternalError", message: "Internal error occurred: \(why)",
            details: Details(causes: [Cause(reason: "", message: why, field: "")]))
    }

    package static func serviceUnavailable(_ why: String) -> APIStatus {
        APIStatus(code: 503, reason: "ServiceUnavailable", message: why)
    }

    private static func about(
        _ resource: ResourceDescriptor, _ name: String, _ code: Int, _ reason: String, _ message: String
    ) -> APIStatus {
        APIStatus(
            code: code, reason: reason, message: message,
            details: Details(name: name, group: resource.storage.group, kind: resource.plural))
    }

    private static func qualified(_ plural: String, _ group: String) -> String {
        group.isEmpty ? plural : "\(plural).\(group)"
    }
}
