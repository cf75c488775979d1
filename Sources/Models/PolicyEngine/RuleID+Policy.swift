import ClusterAPI

extension RuleID {
    /// Whose rule decided: a policy by kind and name, or a word in brackets where no single one did.
    ///
    /// There are as many texts as policies and a few words, however many pods and projects there are.
    package var policyName: String {
        switch self {
        case .networkPolicy(let policy, _, _): PolicyReference(.networkPolicy, policy).description
        case .clusterPolicy(let rule): "\(rule.kind.rawValue) \(rule.policy)"
        case .egressFirewall(let rule): rule.policy.description
        case .zone(let rule): "\(PolicyKind.zone.rawValue) \(rule.zone)"
        case .defaultDeny: "(default deny)"
        case .metadataGuard: "(metadata guard)"
        case .tenancy: "(tenancy)"
        case .notInOneZone: "(not in one zone)"
        case .notSelected, .noTierDecides, .node, .external, .ownNode, .itself, .unreachable: "(none)"
        }
    }
}
