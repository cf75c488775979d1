import APIMachinery
import ClusterAPI
import Foundation

/// The namespaces that exist from the first start on.
struct DefaultNamespaces: Sendable {
    let store: ObjectStore
    let clock: @Sendable () -> APITime

    private static let names = ["default", "kube-node-lease", "kube-public", "kube-system"]

    func make() async throws {
        let now = clock()
        for name in Self.names {
            let key = StoreKey(resource: ResourceVerbs.namespaces, namespace: "", name: name)
            let document = NamespaceLifecycle.prepared([
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": [
                    "name": .string(name), "uid": .string(UUID().uuidString.lowercased()),
                    "creationTimestamp": .string(now.text),
                ],
            ])
            _ = try await store.write { view in
                if let existing = view[key] { return .unchanged(existing) }
                return .commit([.put(key, document)])
            }
        }
    }
}
