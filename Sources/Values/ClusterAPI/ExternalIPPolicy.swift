/// gabion.io/v1 ExternalIPPolicy: which addresses from outside the cluster services may choose, and which they are given.
///
/// Without any, none. Several add up; what one rejects nobody may have.
package struct ExternalIPPolicy: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "ExternalIPPolicy", plural: "externalippolicies", isNamespaced: false)

    package var metadata: ObjectMeta
    package var spec: ExternalIPPolicySpec?
    package var status: ExternalIPPolicyStatus?

    package init(name: String, spec: ExternalIPPolicySpec?) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

package struct ExternalIPPolicySpec: Codable, Hashable, Sendable {
    /// What services may choose for `spec.externalIPs` and `spec.loadBalancerIP`.
    package var allowedCIDRs: [String]?
    /// What none may have, whatever else is said.
    package var rejectedCIDRs: [String]?
    /// What services of type LoadBalancer are given addresses of.
    package var autoAssignCIDRs: [String]?

    package init(allowedCIDRs: [String]? = nil, rejectedCIDRs: [String]? = nil, autoAssignCIDRs: [String]? = nil) {
        self.allowedCIDRs = allowedCIDRs
        self.rejectedCIDRs = rejectedCIDRs
        self.autoAssignCIDRs = autoAssignCIDRs
    }
}

/// What the controller found.
package struct ExternalIPPolicyStatus: Codable, Hashable, Sendable {
    package var conditions: [ObjectCondition]?
    /// How many addresses of `autoAssignCIDRs` services of type LoadBalancer have.
    package var assigned: Int?

    package init(conditions: [ObjectCondition]? = nil, assigned: Int? = nil) {
        self.conditions = conditions
        self.assigned = assigned
    }
}
