package import ClusterAPI
package import PolicyEngine

/// A change of one object, as a person would make it.
package enum Edit: Hashable, Sendable {
    /// The pod gets exactly these labels.
    case labelPod(ObjectKey, [String: String])
    /// The namespace gets exactly these labels.
    case labelNamespace(String, [String: String])
    case networkPolicy(NetworkPolicy)
    case adminPolicy(AdminNetworkPolicy)
    case baselinePolicy(BaselineAdminNetworkPolicy)
    case clusterPolicy(ClusterNetworkPolicy)
    case egressFirewall(EgressFirewall)
    case egressNetworkPolicy(EgressNetworkPolicy)
    case metadataAccess(MetadataAccess)
}

extension PolicyEngine {
    /// What this engine would be after some changes.
    package func after(_ edits: [Edit]) -> PolicyEngine {
        var engine = self
        for edit in edits {
            switch edit {
            case .labelPod(let pod, let labels): engine.relabel(pod, labels)
            case .labelNamespace(let name, let labels):
                engine.upsert(Namespace(metadata: ObjectMeta(name: name, labels: labels)))
            case .networkPolicy(let policy): engine.upsert(policy)
            case .adminPolicy(let policy): engine.upsert(policy)
            case .baselinePolicy(let policy): engine.upsert(policy)
            case .clusterPolicy(let policy): engine.upsert(policy)
            case .egressFirewall(let firewall): engine.upsert(firewall)
            case .egressNetworkPolicy(let policy): engine.upsert(policy)
            case .metadataAccess(let access): engine.upsert(access)
            }
        }
        return engine
    }
}
