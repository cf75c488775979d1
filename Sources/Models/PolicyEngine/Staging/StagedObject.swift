package import ClusterAPI

/// An object that stages a policy, of either kind.
package enum StagedObject: Hashable, Sendable {
    case namespaced(StagedPolicy)
    case cluster(ClusterStagedPolicy)

    package var reference: PolicyReference {
        switch self {
        case .namespaced(let policy): PolicyReference(.stagedPolicy, policy.key)
        case .cluster(let policy): PolicyReference(.clusterStagedPolicy, policy.key)
        }
    }

    package var spec: StagedPolicySpec {
        switch self {
        case .namespaced(let policy): policy.spec
        case .cluster(let policy): policy.spec
        }
    }

    /// What the wrapped manifest names; nil where that cannot be meant: see `fault`.
    package var target: PolicyReference? {
        fault == nil ? PolicyReference(spec.policy.content.kind, targetKey) : nil
    }

    private var targetKey: ObjectKey {
        let name = spec.policy.metadata.name ?? ""
        return ObjectKey(namespace: reference.key.namespace, name: name.isEmpty ? reference.key.name : name)
    }

    /// Why the object stages nothing; a server that knows the kind would not have taken it.
    var fault: PolicyDiagnostic? {
        let resource = spec.policy.content.resource
        let isNamespaced = reference.kind == .stagedPolicy
        if resource.isNamespaced != isNamespaced {
            let other = resource.isNamespaced ? StagedPolicy.resource : ClusterStagedPolicy.resource
            return fault("spec.policy.kind", "\(resource.kind) is staged by a \(other.kind)")
        }
        let namespace = spec.policy.metadata.namespace ?? ""
        if !namespace.isEmpty, namespace != reference.key.namespace {
            return fault(
                "spec.policy.metadata.namespace",
                isNamespaced
                    ? "'\(namespace)' is not the namespace of this object" : "\(resource.kind) has no namespace")
        }
        return nil
    }

    private func fault(_ path: String, _ message: String) -> PolicyDiagnostic {
        PolicyDiagnostic(
            kind: reference.kind, policy: reference.key, path: path, message: message, consequence: "nothing is staged")
    }
}

extension WrappedPolicy.Content {
    var kind: PolicyKind {
        switch self {
        case .networkPolicy: .networkPolicy
        case .egressFirewall: .egressFirewall
        case .egressNetworkPolicy: .egressNetworkPolicy
        case .adminNetworkPolicy: .adminNetworkPolicy
        case .baselineAdminNetworkPolicy: .baselineAdminNetworkPolicy
        case .clusterNetworkPolicy: .clusterNetworkPolicy
        case .zone: .zone
        case .metadataAccess: .metadataAccess
        }
    }
}
