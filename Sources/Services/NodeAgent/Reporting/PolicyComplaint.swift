import ClusterAPI
import DatapathCompiler
import NodeModel
package import PolicyEngine

/// A part of a policy that does not hold as it is written, where the policy selects a pod of this node.
package struct PolicyComplaint: Hashable, Sendable {
    package let policy: PolicyReference
    package let text: String
}

extension NodeAgent {
    func policyComplaints() -> [PolicyComplaint] {
        guard !model.state.diagnostics.isEmpty else { return [] }
        var selecting: Set<PolicyReference> = []
        for pod in model.state.pods.values {
            selecting.formUnion(pod.policy?.ingress?.policies ?? [])
            selecting.formUnion(pod.policy?.egress?.policies ?? [])
        }
        return model.state.diagnostics.filter { selecting.contains($0.reference) }.map {
            PolicyComplaint(policy: $0.reference, text: "\($0.path): \($0.message); \($0.consequence)")
        }
    }
}

extension PolicyKind {
    var resource: ResourceType {
        switch self {
        case .networkPolicy: NetworkPolicy.resource
        case .adminNetworkPolicy: AdminNetworkPolicy.resource
        case .baselineAdminNetworkPolicy: BaselineAdminNetworkPolicy.resource
        case .clusterNetworkPolicy: ClusterNetworkPolicy.resource
        case .zone: Zone.resource
        case .clusterNetwork: ClusterNetwork.resource
        case .netNamespace: NetNamespace.resource
        }
    }
}
