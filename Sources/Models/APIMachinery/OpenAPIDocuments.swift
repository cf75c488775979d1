import ClusterAPI

/// The OpenAPI documents: what kinds there are, what their fields hold and mean, and what can be asked of them.
package struct OpenAPIDocuments: Sendable {
    let catalogue: ResourceCatalogue

    static let title = "Gabion"
    static let version = "v1.32.0"

    package init(_ catalogue: ResourceCatalogue) { self.catalogue = catalogue }

    /// One request on a path, before it is written in one of OpenAPI's versions.
    struct Operation {
        /// Parameters of the query.
        let parameters: [String]
        let extensions: [String: JSONValue]
    }

    /// The operations of a kind by path and method.
    static func operations(
        of resource: ResourceDescriptor, at version: GroupVersion
    ) -> [String: [String: Operation]] {
        let base = "/\(path(of: version))" + (resource.isNamespaced ? "/namespaces/{namespace}" : "")
        var paths = ["\(base)/\(resource.plural)": ["post": operation("post", resource, version)]]
        if resource.verbs.contains("patch") {
            let methods = ["get", "put", "patch", "delete"].map { ($0, operation($0, resource, version)) }
            paths["\(base)/\(resource.plural)/{name}"] = Dictionary(uniqueKeysWithValues: methods)
        }
        return paths
    }

    static func path(of version: GroupVersion) -> String {
        version.group.isEmpty ? "api/\(version.version)" : "apis/\(version.group)/\(version.version)"
    }

    private static func operation(
        _ method: String, _ resource: ResourceDescriptor, _ version: GroupVersion
    ) -> Operation {
        let parameters: [String] =
            switch method {
            case "get": []
            case "delete": ["dryRun"]
            default: ["dryRun", "fieldValidation"]
            }
        return Operation(
            parameters: parameters,
            extensions: [
                "x-kubernetes-action": .string(method),
                "x-kubernetes-group-version-kind": APISchema.KindName(version: version, kind: resource.kind).document,
            ])
    }
}
