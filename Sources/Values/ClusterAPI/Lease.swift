/// coordination.k8s.io/v1 Lease.
package struct Lease: APIObject {
    package static let resource = ResourceType(
        group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases", isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: LeaseSpec?

    package init(metadata: ObjectMeta, spec: LeaseSpec? = nil) {
        self.metadata = metadata
        self.spec = spec
    }
}

package struct LeaseSpec: Codable, Hashable, Sendable {
    package var holderIdentity: String?
    package var leaseDurationSeconds: Int?
    /// RFC 3339 with microseconds.
    package var acquireTime: String?
    package var renewTime: String?
    package var leaseTransitions: Int?

    package init(holderIdentity: String? = nil, leaseDurationSeconds: Int? = nil) {
        self.holderIdentity = holderIdentity
        self.leaseDurationSeconds = leaseDurationSeconds
    }
}
