package import ClusterAPI
package import NetworkTypes

/// What decided: the printable identity of a rule, of a default, or of a fact about the endpoint.
///
/// The text is made on demand, so that verdicts by the thousand cost no strings.
package enum RuleID: Hashable, Sendable {
    /// One entry of a NetworkPolicy's `ingress` or `egress` list.
    case networkPolicy(ObjectKey, Direction, index: Int)
    /// Isolated by these policies (sorted), and none of their rules matched.
    case defaultDeny(Direction, [ObjectKey])
    /// One entry of a cluster-wide policy's `ingress` or `egress` list.
    case clusterPolicy(ClusterRuleID)
    /// A pod that no MetadataAccess selects, and an address of the cloud's metadata.
    case metadataGuard(ObjectKey, IPAddress)
    /// What may leave the cluster.
    case egressFirewall(EgressRuleID)
    /// Projects in different networks.
    case tenancy(TenancyRuleID)
    /// A rule that zones make for the pods of one.
    case zone(ZoneRuleID)
    /// A pod whose namespace is not in exactly one zone.
    case notInOneZone(ZoneConflict)
    /// A pod that no policy isolates in this direction.
    case notSelected(ObjectKey, Direction)
    /// Policies select the pod in this direction, but none of their rules decides.
    case noTierDecides(ObjectKey, Direction)
    /// A node, and everything in its host network: policies do not select it.
    case node(String)
    /// An address that is neither a pod's nor a node's.
    case external(IPAddress)
    /// A pod and the node that it runs on.
    case ownNode(pod: ObjectKey, node: String)
    /// A pod to itself through its own address.
    case itself(ObjectKey)
    /// No packet can be sent at all; the text says why.
    case unreachable(String)
}

extension RuleID: CustomStringConvertible {
    package var description: String {
        switch self {
        case .networkPolicy(let policy, let direction, let index):
            "NetworkPolicy \(policy) \(direction.rawValue)[\(index)]"
        case .defaultDeny(let direction, let policies):
            "default deny \(direction.rawValue) (NetworkPolicy \(Self.list(policies)))"
        case .clusterPolicy(let rule): rule.description
        case .metadataGuard(let pod, let address):
            "metadata guard: \(address) is closed to \(pod), which no MetadataAccess selects"
        case .egressFirewall(let rule): rule.description
        case .tenancy(let rule): rule.description
        case .zone(let rule): rule.description
        case .notInOneZone(let conflict): conflict.description
        case .noTierDecides(let pod, let direction): "no tier decides about \(direction.rawValue) of \(pod): allowed"
        case .notSelected(let pod, let direction): "no policy selects \(pod) for \(direction.rawValue)"
        case .node(let name): name.isEmpty ? "policies do not select nodes" : "policies do not select node \(name)"
        case .external(let address): "policies do not select \(address), which is outside the cluster"
        case .ownNode(let pod, let node): "\(pod) and its own node\(node.isEmpty ? "" : " " + node): always allowed"
        case .itself(let pod): "\(pod) to itself: always allowed"
        case .unreachable(let reason): reason
        }
    }

    /// The first few by name: an endpoint may be selected by a thousand.
    private static func list(_ policies: [ObjectKey]) -> String {
        let shown = policies.prefix(4).map(\.description).joined(separator: ", ")
        return policies.count > 4 ? "\(shown) and \(policies.count - 4) more" : shown
    }
}
