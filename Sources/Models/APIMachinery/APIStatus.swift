package import ClusterAPI

/// A failed request as meta/v1 Status tells it: what failed, on which object, why, with the code for HTTP.
///
/// The factories give the message forms of kube-apiserver (apimachinery `api/errors`), which clients and people match on.
package struct APIStatus: Error, Hashable, Sendable {
    /// The HTTP status code.
    package var code: Int
    /// The machine-readable word, such as `NotFound`.
    package var reason: String
    package var message: String
    package var details: Details?

    package init(code: Int, reason: String, message: String, details: Details? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// Which object the failure is about; `kind` holds the plural where the real server puts the resource.
    package struct Details: Hashable, Sendable {
        package var name: String?
        package var group: String?
        package var kind: String?
        package var uid: String?
        package var causes: [Cause]
        package var retryAfterSeconds: Int?

        package init(
            name: String? = nil, group: String? = nil, kind: String? = nil, uid: String? = nil, causes: [Cause] = [],
            retryAfterSeconds: Int? = nil
        ) {
            self.name = name
            self.group = group
            self.kind = kind
            self.uid = uid
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// One finding in an invalid object.
    package struct Cause: Hashable, Sendable {
        package var reason: String
        package var message: String
        package var field: String

        package init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// The `kind: Status` document.
    package var document: JSONValue {
        var document: [String: JSONValue] = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
            "reason": .string(reason), "code": .int(Int64(code)),
        ]
        if let details { document["details"] = details.document }
        return .object(document)
    }

    /// The `Success` document that a delete answers with.
    package static func success(of resource: ResourceDescriptor, name: String, uid: String?) -> JSONValue {
        let details = Details(name: name, group: resource.storage.group, kind: resource.plural, uid: uid)
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details.document,
        ]
    }
}

extension APIStatus.Details {
    fileprivate var document: JSONValue {
        var document: [String: JSONValue] = [:]
        if let name, !name.isEmpty { document["name"] = .string(name) }
        if let group, !group.isEmpty { document["group"] = .string(group) }
        if let kind, !kind.isEmpty { document["kind"] = .string(kind) }
        if let uid, !uid.isEmpty { document["uid"] = .string(uid) }
        if !causes.isEmpty { document["causes"] = .array(causes.map(\.document)) }
        if let retryAfterSeconds { document["retryAfterSeconds"] = .int(Int64(retryAfterSeconds)) }
        return .object(document)
    }
}

extension APIStatus.Cause {
    fileprivate var document: JSONValue {
        var document: [String: JSONValue] = ["message": .string(message)]
        if !reason.isEmpty { document["reason"] = .string(reason) }
        if !field.isEmpty { document["field"] = .string(field) }
        return .object(document)
    }
}
