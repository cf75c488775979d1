package import APIMachinery
package import ClusterAPI
package import PolicyEngine

/// Something that the API accepts and that is probably not meant.
package struct LintFinding: Hashable, Sendable {
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        case selectsNothing = "selects-nothing"
        case shadowedRule = "shadowed-rule"
        case accidentalIsolation = "accidental-isolation"
        case ignoredRules = "ignored-rules"
        case emptyMeansEveryone = "empty-means-everyone"
        case openToInternet = "open-to-internet"
        case overlappingBlocks = "overlapping-blocks"
        case noDefaultDeny = "no-default-deny"
        /// Two policies of one tier at one place in its order.
        case priorityTie = "priority-tie"
        /// What zones make of each other, and of the namespaces.
        case zoneFault = "zone-fault"
        /// What is read, and is without effect.
        case notInForce = "not-in-force"
    }

    package enum Subject: Hashable, Sendable {
        /// A NetworkPolicy.
        case policy(ObjectKey)
        /// A cluster-wide policy, a zone or the network.
        case object(PolicyReference)
        case namespace(String)
    }

    package let rule: Rule
    package let subject: Subject
    package let path: [FieldPath.Step]
    /// What is odd, and what to do about it.
    package let message: String
}

/// Where in a policy a check looks.
struct RulePlace {
    let policy: NetworkPolicy
    let direction: Direction
    let index: Int

    var key: ObjectKey { policy.key }
    var peersField: String { direction == .ingress ? "from" : "to" }
    var path: [FieldPath.Step] { [.field("spec"), .field(direction.rawValue), .index(index)] }

    func path(peer: Int, _ fields: String...) -> [FieldPath.Step] {
        path + [.field(peersField), .index(peer)] + fields.map(FieldPath.Step.field)
    }

    func finding(_ rule: LintFinding.Rule, _ path: [FieldPath.Step], _ message: String) -> LintFinding {
        LintFinding(rule: rule, subject: .policy(key), path: path, message: message)
    }
}

/// One entry of `ingress` or `egress` with its direction's words taken away.
struct LintRule {
    let place: RulePlace
    let peers: [NetworkPolicyPeer]?
    let ports: [NetworkPolicyPort]

    /// `from`, `to` absent or empty.
    var isEveryone: Bool { (peers ?? []).isEmpty }

    static func all(_ policy: NetworkPolicy) -> [LintRule] {
        let ingress = (policy.spec?.ingress ?? []).enumerated().map { index, rule in
            LintRule(
                place: RulePlace(policy: policy, direction: .ingress, index: index), peers: rule.from,
                ports: rule.ports ?? [])
        }
        let egress = (policy.spec?.egress ?? []).enumerated().map { index, rule in
            LintRule(
                place: RulePlace(policy: policy, direction: .egress, index: index), peers: rule.to,
                ports: rule.ports ?? [])
        }
        return ingress + egress
    }

    /// Whether the policy isolates in the rule's direction: if not, the rule does nothing.
    var isInForce: Bool {
        (place.policy.spec?.effectiveTypes ?? []).contains(place.direction == .ingress ? .ingress : .egress)
    }
}
