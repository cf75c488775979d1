import ClusterAPI
import PolicyEngine
import Testing

/// A policy of any kind, for tables.
enum AnyPolicy: Sendable {
    case network(NetworkPolicy)
    case admin(AdminNetworkPolicy)
    case baseline(BaselineAdminNetworkPolicy)
    case cluster(ClusterNetworkPolicy)
    case firewall(EgressFirewall)
    case egress(EgressNetworkPolicy)
    case metadata(MetadataAccess)

    func enter(_ engine: inout PolicyEngine) {
        switch self {
        case .network(let policy): engine.upsert(policy)
        case .admin(let policy): engine.upsert(policy)
        case .baseline(let policy): engine.upsert(policy)
        case .cluster(let policy): engine.upsert(policy)
        case .firewall(let firewall): engine.upsert(firewall)
        case .egress(let policy): engine.upsert(policy)
        case .metadata(let access): engine.upsert(access)
        }
    }

    /// What it is, by kind and name.
    var subject: String {
        switch self {
        case .network(let policy): "policy \(policy.key)"
        case .admin(let policy): "admin \(policy.key)"
        case .baseline(let policy): "baseline \(policy.key)"
        case .cluster(let policy): "cluster \(policy.key)"
        case .firewall(let firewall): "firewall \(firewall.key)"
        case .egress(let policy): "egress \(policy.key)"
        case .metadata(let access): "metadata \(access.key)"
        }
    }

    func leave(_ engine: inout PolicyEngine) {
        switch self {
        case .network(let policy): engine.removeNetworkPolicy(policy.key)
        case .admin(let policy): engine.removeAdminNetworkPolicy(policy.key.name)
        case .baseline(let policy): engine.removeBaselineAdminNetworkPolicy(policy.key.name)
        case .cluster(let policy): engine.removeClusterNetworkPolicy(policy.key.name)
        case .firewall(let firewall): engine.removeEgressFirewall(firewall.key)
        case .egress(let policy): engine.removeEgressNetworkPolicy(policy.key)
        case .metadata(let access): engine.removeMetadataAccess(access.key.name)
        }
    }
}

typealias AdminRule = AdminNetworkPolicySpec.Rule
typealias ClusterRule = ClusterNetworkPolicySpec.Rule

/// Short forms for tables; the subject is namespace x unless said otherwise.
func anp(
    _ name: String, _ priority: Int? = 10, _ subject: ClusterPolicySubject = inside("x"), ingress: [AdminRule]? = nil,
    egress: [AdminRule]? = nil
) -> AnyPolicy {
    .admin(
        AdminNetworkPolicy(
            name: name,
            spec: AdminNetworkPolicySpec(priority: priority, subject: subject, ingress: ingress, egress: egress)))
}

func banp(
    _ name: String = "default", _ subject: ClusterPolicySubject = inside("x"), ingress: [AdminRule]? = nil,
    egress: [AdminRule]? = nil
) -> AnyPolicy {
    .baseline(
        BaselineAdminNetworkPolicy(
            name: name, spec: AdminNetworkPolicySpec(subject: subject, ingress: ingress, egress: egress)))
}

func cnp(
    _ name: String, _ tier: String? = "Admin", _ priority: Int? = 10, _ subject: ClusterPolicySubject = inside("x"),
    ingress: [ClusterRule]? = nil, egress: [ClusterRule]? = nil
) -> AnyPolicy {
    .cluster(
        ClusterNetworkPolicy(
            name: name,
            spec: ClusterNetworkPolicySpec(
                tier: tier, priority: priority, subject: subject, ingress: ingress, egress: egress)))
}

func inside(_ name: String) -> ClusterPolicySubject { ClusterPolicySubject(namespaces: namespace(name)) }

let everywhere = ClusterPolicySubject(namespaces: LabelSelector())

/// Every pod of a namespace, of all namespaces, or one pod of a namespace.
func pods(_ name: String? = nil, _ podName: String? = nil) -> ClusterPolicyPeer {
    let selector = name.map { namespace($0) } ?? LabelSelector()
    guard let podName else { return ClusterPolicyPeer(namespaces: selector) }
    return ClusterPolicyPeer(pods: NamespacedPods(namespaceSelector: selector, podSelector: pod(podName)))
}

func networks(_ texts: String...) -> ClusterPolicyPeer { ClusterPolicyPeer(networks: texts) }

func from(_ action: String, _ peers: ClusterPolicyPeer..., ports: [AdminNetworkPolicySpec.Port]? = nil) -> AdminRule {
    AdminRule(action: action, from: peers, ports: ports)
}

func to(_ action: String, _ peers: ClusterPolicyPeer..., ports: [AdminNetworkPolicySpec.Port]? = nil) -> AdminRule {
    AdminRule(action: action, to: peers, ports: ports)
}

func acceptFrom(
    _ action: String, _ peers: ClusterPolicyPeer..., protocols: [ClusterNetworkPolicySpec.TransportMatch]? = nil
) -> ClusterRule {
    ClusterRule(action: action, from: peers, protocols: protocols)
}

func acceptTo(
    _ action: String, _ peers: ClusterPolicyPeer..., protocols: [ClusterNetworkPolicySpec.TransportMatch]? = nil
) -> ClusterRule {
    ClusterRule(action: action, to: peers, protocols: protocols)
}

func number(_ port: Int, _ transport: String? = nil) -> AdminNetworkPolicySpec.Port {
    .init(portNumber: .init(protocol: transport, port: port))
}

/// What passes and what does not under some policies.
struct TierCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let policies: [AnyPolicy]
    let allowed: [String]
    let denied: [String]

    init(_ promise: String, _ policies: [AnyPolicy], allow: [String] = [], deny: [String] = []) {
        testDescription = promise
        self.policies = policies
        allowed = allow
        denied = deny
    }
}
