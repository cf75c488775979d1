package import ClusterAPI

/// The three kinds of partial change that the API takes.
package enum Patch: Hashable, Sendable {
    /// RFC 7386: members are merged, null removes, arrays are replaced.
    case merge(JSONValue)
    /// RFC 6902: a list of operations.
    case json([JSONValue])
    /// Kubernetes' own: arrays are merged by their keys. Built-in kinds only.
    case strategic(JSONValue)

    var contentType: String {
        switch self {
        case .merge: "application/merge-patch+json"
        case .json: "application/json-patch+json"
        case .strategic: "application/strategic-merge-patch+json"
        }
    }

    var document: JSONValue {
        switch self {
        case .merge(let document), .strategic(let document): document
        case .json(let operations): .array(operations)
        }
    }
}
