import ClusterAPI
import InstallationCompiler
import KubernetesClient

/// What of an installation is in a cluster, by our label.
enum InstalledObjects {
    /// Kinds that only Kubernetes has come first: whoever uses an account goes before it.
    private static let kinds = [
        ("apps/v1", "DaemonSet"), ("apps/v1", "Deployment"), ("v1", "Service"),
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding"), ("rbac.authorization.k8s.io/v1", "Role"),
        ("v1", "ServiceAccount"), ("v1", "ConfigMap"),
    ]

    /// Without namespaces and definitions: with those goes what others have put into them.
    static func find(_ client: KubernetesClient) async throws -> [Manifest] {
        var found: [Manifest] = []
        for (apiVersion, kind) in kinds {
            found += try await find(apiVersion, kind, client)
        }
        return found
    }

    static func find(_ apiVersion: String, _ kind: String, _ client: KubernetesClient) async throws -> [Manifest] {
        let resource: ResourceType
        do {
            resource = try await client.resource(apiVersion: apiVersion, kind: kind)
        } catch KubernetesError.unknownResource {
            return []
        }
        let selector = "\(Manifest.ownerLabel)=\(Manifest.owner)"
        return try await client.list(resource, options: ListOptions(labelSelector: selector)).items.map { item in
            var object = item
            object["apiVersion"] = .string(apiVersion)
            object["kind"] = .string(kind)
            return Manifest(object)
        }
    }
}
