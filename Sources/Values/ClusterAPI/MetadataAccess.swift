/// gabion.io/v1 MetadataAccess: pods that may reach the cloud's metadata addresses, which are closed to all others.
///
/// Cluster-scoped, since metadata is the node's: whoever may read it may often act as the node.
package struct MetadataAccess: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "MetadataAccess", plural: "metadataaccesses", isNamespaced: false)

    package var metadata: ObjectMeta
    package var spec: MetadataAccessSpec?

    package init(name: String, spec: MetadataAccessSpec? = nil) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

package struct MetadataAccessSpec: Codable, Hashable, Sendable {
    /// The pods, as AdminNetworkPolicies name theirs.
    package var subject: ClusterPolicySubject?
    /// Why they need it, for who reads it a year later.
    package var reason: String?

    package init(subject: ClusterPolicySubject?, reason: String? = nil) {
        self.subject = subject
        self.reason = reason
    }
}
