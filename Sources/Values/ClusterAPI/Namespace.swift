/// core/v1 Namespace; its labels are what namespace selectors read.
package struct Namespace: APIObject {
    package static let resource = ResourceType(
        group: "", version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)

    package var metadata: ObjectMeta

    package init(metadata: ObjectMeta) { self.metadata = metadata }

    /// The labels, with `kubernetes.io/metadata.name` as every API server adds it.
    package var labels: [String: String] {
        var labels = metadata.labels ?? [:]
        labels["kubernetes.io/metadata.name"] = metadata.name ?? ""
        return labels
    }
}
