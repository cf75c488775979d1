import ClusterAPI
import DatapathCompiler
import NodeModel
package import PolicyEngine

/// A part of a policy that does not hold as it is written, where the policy selects a pod of this node.
package struct PolicyComplaint: Hashable, Sendable {
    package let policy: PolicyReference
    package let text: String

    init(_ diagnostic: PolicyDiagnostic) {
        policy = diagnostic.reference
        text = "\(diagnostic.path): \(diagnostic.message); \(diagnostic.consequence)"
    }
}

extension NodeAgent {
    func policyComplaints() -> [PolicyComplaint] {
        guard !model.state.diagnostics.isEmpty else { return stagedComplaints() }
        var selecting: Set<PolicyReference> = []
        for pod in model.state.pods.values {
            selecting.formUnion(pod.policy?.ingress?.policies ?? [])
            selecting.formUnion(pod.policy?.egress?.policies ?? [])
        }
        return model.state.diagnostics.filter { selecting.contains($0.reference) }.map {
            PolicyComplaint($0)
        } + stagedComplaints()
    }

    /// Those about staged policies that may be about a pod of this node: of its namespace, or of the whole cluster.
    private func stagedComplaints() -> [PolicyComplaint] {
        guard !model.staging.diagnostics.isEmpty else { return [] }
        let namespaces = Set(model.state.pods.values.map(\.attachment.pod.namespace)).union([""])
        guard namespaces.count > 1 else { return [] }
        return model.staging.diagnostics.filter { namespaces.contains($0.policy.namespace) }.map { PolicyComplaint($0) }
    }
}

extension PolicyKind {
    var resource: ResourceType {
        switch self {
        case .networkPolicy: NetworkPolicy.resource
        case .adminNetworkPolicy: AdminNetworkPolicy.resource
        case .baselineAdminNetworkPolicy: BaselineAdminNetworkPolicy.resource
        case .clusterNetworkPolicy: ClusterNetworkPolicy.resource
        case .egressFirewall: EgressFirewall.resource
        case .egressNetworkPolicy: EgressNetworkPolicy.resource
        case .metadataAccess: MetadataAccess.resource
        case .zone: Zone.resource
        case .stagedPolicy: StagedPolicy.resource
        case .clusterStagedPolicy: ClusterStagedPolicy.resource
        case .clusterNetwork: ClusterNetwork.resource
        case .netNamespace: NetNamespace.resource
        }
    }
}
