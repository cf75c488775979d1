import ClusterAPI

/// A policy translated on its own, without the cluster: definitions of sets instead of members.
struct CompiledPolicy: Hashable, Sendable {
    let place: PolicyPlace
    let subject: PolicySubject
    /// Nil for a direction that the policy does not touch.
    let ingress: [CompiledRule]?
    let egress: [CompiledRule]?
    let diagnostics: [PolicyDiagnostic]
}

/// The pods that a policy is about.
struct PolicySubject: Hashable, Sendable {
    let namespaces: NamespaceScope
    let pods: LabelSelector
}

/// Where a policy stands among those that select one pod: the least is asked first.
struct PolicyPlace: Hashable, Sendable, Comparable {
    let tier: Tier
    /// 0 for NetworkPolicies, which have none.
    let priority: Int
    let policy: PolicyReference
    /// Where one object comes to several policies.
    var part = 0

    static func < (left: PolicyPlace, right: PolicyPlace) -> Bool {
        if left.tier != right.tier { return left.tier < right.tier }
        if left.priority != right.priority { return left.priority < right.priority }
        return left.policy == right.policy ? left.part < right.part : left.policy < right.policy
    }

    /// Before every number: a policy whose priority is missing must not come too late to deny.
    static let first = Int.min
    /// After every number.
    static let last = Int.max
}
