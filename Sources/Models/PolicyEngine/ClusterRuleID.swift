/// One rule of a cluster-wide policy.
package struct ClusterRuleID: Hashable, Sendable, CustomStringConvertible {
    package let kind: PolicyKind
    package let policy: String
    package let tier: Tier
    package let direction: Direction
    /// The place in the policy's list; nil for a policy of which nothing can be read.
    package let index: Int?
    /// The name that the rule bears.
    package let name: String?

    package init(kind: PolicyKind, policy: String, tier: Tier, direction: Direction, index: Int?, name: String? = nil) {
        self.kind = kind
        self.policy = policy
        self.tier = tier
        self.direction = direction
        self.index = index
        self.name = name
    }

    /// `AdminNetworkPolicy NAME ingress[2] (rule name)`, `ClusterNetworkPolicy NAME (Admin) egress[0]`.
    package var description: String {
        let tier = kind == .clusterNetworkPolicy ? " (\(tier))" : ""
        let policy = "\(kind.rawValue) \(policy)\(tier) \(direction.rawValue)"
        guard let index else { return "\(policy): the policy cannot be read" }
        let name = name.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
        return "\(policy)[\(index)]\(name)"
    }
}
