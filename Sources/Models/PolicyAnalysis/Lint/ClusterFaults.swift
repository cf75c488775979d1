import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// What cluster-wide policies, egress firewalls and zones make of each other, as the engine sees it: no single object shows it.
struct ClusterFaults {
    private let engine: PolicyEngine
    private let accepted: Set<PolicyReference>
    private let rules: [ClusterLintRule]

    init(lint: PolicyLint, rules: [ClusterLintRule]) {
        var engine = PolicyEngine()
        for (name, labels) in lint.namespaces {
            engine.upsert(Namespace(metadata: ObjectMeta(name: name, labels: labels)))
        }
        for pod in lint.pods.values.joined() { engine.upsert(pod) }
        for node in lint.cluster.nodes { engine.upsert(node) }
        for policy in lint.policies { engine.upsert(policy) }
        for policy in lint.cluster.admins { engine.upsert(policy) }
        for policy in lint.cluster.baselines { engine.upsert(policy) }
        for policy in lint.cluster.clusters { engine.upsert(policy) }
        for zone in lint.cluster.zones { engine.upsert(zone) }
        for firewall in lint.cluster.firewalls { engine.upsert(firewall) }
        for policy in lint.cluster.egressPolicies { engine.upsert(policy) }
        for network in lint.cluster.networks { engine.upsert(network) }
        self.engine = engine
        self.rules = rules
        accepted = Set(
            rules.map(\.policy) + lint.zones.map { PolicyReference(.zone, $0.key) }
                + lint.cluster.firewalls.filter { EgressFirewallValidation.errors(in: $0).isEmpty }
                .map { PolicyReference(.egressFirewall, $0.key) }
                + lint.cluster.egressPolicies.filter { EgressFirewallValidation.errors(in: $0).isEmpty }
                .map { PolicyReference(.egressNetworkPolicy, $0.key) }
                + lint.cluster.networks.filter(\.hasKnownMode).map { PolicyReference(.clusterNetwork, $0.key) })
    }

    func findings() -> [LintFinding] {
        engine.diagnostics.filter { accepted.contains($0.reference) }.map { diagnostic in
            let rule: LintFinding.Rule =
                diagnostic.kind == .zone ? .zoneFault : diagnostic.path == "spec.priority" ? .priorityTie : .notInForce
            return LintFinding(
                rule: rule, subject: .object(diagnostic.reference), path: FieldPath(parsing: diagnostic.path).steps,
                message: "\(diagnostic.message); \(diagnostic.consequence)")
        }
            + engine.zoneConflicts.map { conflict, pods in
                let closed = pods.count == 1 ? "its pod is" : "its \(pods.count) pods are"
                return LintFinding(
                    rule: .zoneFault, subject: .namespace(conflict.namespace), path: [],
                    message: "\(conflict): \(closed) closed in both directions; let exactly one zone select it")
            }
    }

    /// Whether a pod that no NetworkPolicy selects is closed all the same, but to what policies or zones let through.
    ///
    /// By a Deny of pods everywhere on every port, in the Admin or Baseline tier, or by a zone that has nothing to do with
    /// what is outside.
    func closes(_ namespace: String, _ labels: [String: String], _ direction: Direction) -> Bool {
        if !engine.zoneNames.isEmpty {
            let zones = engine.zones(ofNamespace: namespace)
            if zones.count != 1 || !engine.isOpenToOutside(zones[0]) { return true }
        }
        return rules.contains { rule in
            rule.direction == direction && rule.action == .deny && rule.ports.isEmpty
                && rule.subject.scope.pods.isEmpty && rule.subject.scope.namespaces.matches(labels)
                && rule.peers.contains { $0.scope.map { $0.namespaces.isEmpty && $0.pods.isEmpty } ?? false }
        }
    }
}

extension ClusterNetwork {
    fileprivate var hasKnownMode: Bool {
        if case .unknown = NetworkMode(pluginName: pluginName) { false } else { true }
    }
}
