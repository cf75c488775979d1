package import ClusterAPI

/// A PATCH body of one of the API's three formats of changes.
///
/// The fourth, server-side apply, is no change but a state: `ApplyPatch`.
package enum Patch: Hashable, Sendable {
    case json([Operation])
    case merge(JSONValue)
    case strategic(JSONValue)

    package static let mediaTypes = [
        "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
    ]

    /// Reads a body by its content type (parameters such as charset are ignored).
    ///
    /// Throws 415 for another content type or a strategic patch of a custom resource, 400 for a body of the wrong shape.
    package init(contentType: String, body: JSONValue, of resource: ResourceDescriptor) throws(APIStatus) {
        let mediaType = contentType.split(separator: ";").first.map { $0.trimmed.lowercased() } ?? ""
        switch mediaType {
        case Self.mediaTypes[0]: self = .json(try Operation.list(body))
        case Self.mediaTypes[1]: self = .merge(try Self.whole(body))
        case Self.mediaTypes[2] where resource.customResourceDefinition == nil: self = .strategic(try Self.whole(body))
        default:
            let served = resource.customResourceDefinition == nil ? Self.mediaTypes : Array(Self.mediaTypes.prefix(2))
            throw .unsupportedMediaType(supported: served + [ApplyPatch.mediaType])
        }
    }

    /// The patched object.
    ///
    /// Throws 422 when an operation does not apply, 400 for directives that make no sense.
    package func applied(to object: JSONValue, of resource: ResourceDescriptor) throws(APIStatus) -> JSONValue {
        switch self {
        case .json(let operations): try Operation.apply(operations, to: object, of: resource)
        case .merge(let patch): MergePatch.apply(patch, to: object)
        case .strategic(let patch): try StrategicMergePatch(resource: resource).apply(patch, to: object)
        }
    }

    private static func whole(_ body: JSONValue) throws(APIStatus) -> JSONValue {
        guard body.object != nil else {
            throw .badRequest("the patch must be a JSON object")
        }
        return body
    }
}
