/// A rule about what leaves the cluster, or why nothing may.
package struct EgressRuleID: Hashable, Sendable, CustomStringConvertible {
    package enum Part: Hashable, Sendable {
        /// The place in the object's list.
        case rule(Int)
        /// What goes to pods is none of its business.
        case inside
        /// It cannot be believed.
        case closed
    }

    package let policy: PolicyReference
    package let part: Part

    package init(_ policy: PolicyReference, _ part: Part) {
        self.policy = policy
        self.part = part
    }

    /// `EgressFirewall NAMESPACE/default egress[2]`.
    package var description: String {
        switch part {
        case .rule(let index): "\(policy) egress[\(index)]"
        case .inside: "\(policy): inside the cluster"
        case .closed: "\(policy): closed, since it cannot be relied on (see its status)"
        }
    }
}
