package import ClusterAPI

/// Renders objects as meta/v1 Table, which `kubectl get` prints as it is.
package struct TableRenderer: Sendable {
    package let resource: ResourceDescriptor
    /// Ages are counted from objects' timestamps to this moment.
    package let now: APITime

    package init(resource: ResourceDescriptor, now: APITime) {
        self.resource = resource
        self.now = now
    }

    /// What a row carries besides its cells (`includeObject` parameter).
    package enum IncludeObject: String, Hashable, Sendable {
        case none = "None"
        case metadata = "Metadata"
        case object = "Object"
    }

    /// The whole Table.
    ///
    /// `version` is `v1` or `v1beta1` of meta.k8s.io as the Accept header asked. `metadata` is the list's
    /// (resourceVersion, continue, remainingItemCount) or empty. For watch events, set `withColumns` on the first only.
    package func table(
        of objects: [JSONValue], metadata: JSONValue = [:], version: String = "v1",
        include: IncludeObject = .metadata, withColumns: Bool = true
    ) -> JSONValue {
        let columns = preparedColumns
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            "columnDefinitions": withColumns ? .array(columnDefinitions) : .array([]),
            "rows": .array(objects.map { row(of: $0, columns, version: version, include: include) }),
        ]
    }
}
