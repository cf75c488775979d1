import APIMachinery
package import ClusterAPI
import NetworkTypes
import PolicyEngine

/// What cluster administrators write, as far as the lint looks at it.
package struct ClusterWidePolicies: Sendable {
    package var admins: [AdminNetworkPolicy] = []
    package var baselines: [BaselineAdminNetworkPolicy] = []
    package var clusters: [ClusterNetworkPolicy] = []
    package var zones: [Zone] = []
    package var firewalls: [EgressFirewall] = []
    package var egressPolicies: [EgressNetworkPolicy] = []
    package var nodes: [Node] = []
    package var networks: [ClusterNetwork] = []

    package init() {}
}

/// One rule of a cluster-wide policy with the words of its API and direction taken away.
struct ClusterLintRule {
    let policy: PolicyReference
    let tier: Tier
    let priority: Int
    let subject: ClusterPolicySubject
    let direction: Direction
    let index: Int
    let action: RuleAction
    let peers: [ClusterPolicyPeer]
    /// As NetworkPolicy writes them; empty for everything.
    let ports: [NetworkPolicyPort]

    var peersField: String { direction == .ingress ? "from" : "to" }
    var path: [FieldPath.Step] { [.field("spec"), .field(direction.rawValue), .index(index)] }

    func path(peer: Int, _ fields: String...) -> [FieldPath.Step] {
        path + [.field(peersField), .index(peer)] + fields.map(FieldPath.Step.field)
    }

    func finding(_ rule: LintFinding.Rule, _ path: [FieldPath.Step], _ message: String) -> LintFinding {
        LintFinding(rule: rule, subject: .object(policy), path: path, message: message)
    }

    /// Whether it is asked before another one, for the pods that both are about.
    func comes(before other: ClusterLintRule) -> Bool {
        if policy == other.policy { return index < other.index }
        if tier != other.tier { return tier < other.tier }
        if priority != other.priority { return priority < other.priority }
        return policy < other.policy
    }
}

extension ClusterWidePolicies {
    /// The rules of policies that the API accepts, policy by policy.
    var rules: [ClusterLintRule] {
        admins.filter { ClusterPolicyValidation.errors(in: $0).isEmpty }
            .flatMap { rules(PolicyReference(.adminNetworkPolicy, $0.key), .admin, $0.spec) }
            + clusters.filter { ClusterPolicyValidation.errors(in: $0).isEmpty }.flatMap(rules)
            + baselines.filter { ClusterPolicyValidation.errors(in: $0).isEmpty }
            .flatMap { rules(PolicyReference(.baselineAdminNetworkPolicy, $0.key), .baseline, $0.spec) }
    }

    private func rules(_ policy: PolicyReference, _ tier: Tier, _ spec: AdminNetworkPolicySpec?) -> [ClusterLintRule] {
        guard let spec, let subject = spec.subject else { return [] }
        func made(_ rules: [AdminNetworkPolicySpec.Rule]?, _ direction: Direction) -> [ClusterLintRule] {
            (rules ?? []).enumerated().compactMap { index, rule in
                RuleAction(api: rule.action).map { action in
                    ClusterLintRule(
                        policy: policy, tier: tier, priority: spec.priority ?? Int.max, subject: subject,
                        direction: direction, index: index, action: action,
                        peers: (direction == .ingress ? rule.from : rule.to) ?? [],
                        ports: (rule.ports ?? []).flatMap(\.plain))
                }
            }
        }
        return made(spec.ingress, .ingress) + made(spec.egress, .egress)
    }

    private func rules(_ policy: ClusterNetworkPolicy) -> [ClusterLintRule] {
        guard let spec = policy.spec, let subject = spec.subject else { return [] }
        func made(_ rules: [ClusterNetworkPolicySpec.Rule]?, _ direction: Direction) -> [ClusterLintRule] {
            (rules ?? []).enumerated().compactMap { index, rule in
                RuleAction(api: rule.action).map { action in
                    ClusterLintRule(
                        policy: PolicyReference(.clusterNetworkPolicy, policy.key),
                        tier: spec.tier == "Baseline" ? .baseline : .admin, priority: spec.priority ?? 0,
                        subject: subject, direction: direction, index: index, action: action,
                        peers: (direction == .ingress ? rule.from : rule.to) ?? [],
                        ports: (rule.protocols ?? []).flatMap(\.plain))
                }
            }
        }
        return made(spec.ingress, .ingress) + made(spec.egress, .egress)
    }
}

extension RuleAction {
    fileprivate init?(api text: String) {
        switch text {
        case "Allow", "Accept": self = .allow
        case "Deny": self = .deny
        case "Pass": self = .pass
        default: return nil
        }
    }
}

extension AdminNetworkPolicySpec.Port {
    /// A name is of any protocol.
    fileprivate var plain: [NetworkPolicyPort] {
        if let namedPort { return .named(namedPort) }
        if let portNumber { return [NetworkPolicyPort(protocol: portNumber.protocol, port: .int(portNumber.port))] }
        return portRange.map { range in
            [NetworkPolicyPort(protocol: range.protocol, port: .int(range.start), endPort: range.end)]
        } ?? []
    }
}

extension ClusterNetworkPolicySpec.TransportMatch {
    fileprivate var plain: [NetworkPolicyPort] {
        if let destinationNamedPort { return .named(destinationNamedPort) }
        return [("TCP", tcp), ("UDP", udp), ("SCTP", sctp)].compactMap { name, ports in
            guard let ports else { return nil }
            let port = ports.destinationPort
            let first = port?.number ?? port?.range?.start
            return NetworkPolicyPort(protocol: name, port: first.map { .int($0) }, endPort: port?.range?.end)
        }
    }
}

extension [NetworkPolicyPort] {
    fileprivate static func named(_ name: String) -> [NetworkPolicyPort] {
        ["TCP", "UDP", "SCTP"].map { NetworkPolicyPort(protocol: $0, port: .string(name)) }
    }
}
