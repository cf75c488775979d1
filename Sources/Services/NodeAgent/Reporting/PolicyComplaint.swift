package import ClusterAPI
import DatapathCompiler
import NodeModel
import PolicyEngine

/// A part of a policy that cannot be interpreted, where it closes something on this node.
package struct PolicyComplaint: Hashable, Sendable {
    package let policy: ObjectKey
    package let text: String
}

extension NodeAgent {
    func policyComplaints() -> [PolicyComplaint] {
        guard !model.state.diagnostics.isEmpty else { return [] }
        var selecting: Set<ObjectKey> = []
        for pod in model.state.pods.values {
            selecting.formUnion(pod.policy?.ingress?.policies ?? [])
            selecting.formUnion(pod.policy?.egress?.policies ?? [])
        }
        return model.state.diagnostics.filter { selecting.contains($0.policy) }.map {
            PolicyComplaint(policy: $0.policy, text: "\($0.path): \($0.message); this part allows nothing")
        }
    }
}
