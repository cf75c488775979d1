/// Where an object lives in the store.
///
/// The order is that of lists: by namespace, then by name.
package struct StoreKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The qualified plural of the storage, such as `pods` or `networkpolicies.networking.k8s.io`.
    package let resource: String
    /// Empty for cluster-scoped kinds.
    package let namespace: String
    package let name: String

    package init(resource: String, namespace: String, name: String) {
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }

    package static func < (left: StoreKey, right: StoreKey) -> Bool {
        if left.resource != right.resource { return left.resource < right.resource }
        if left.namespace != right.namespace { return left.namespace < right.namespace }
        return left.name < right.name
    }

    package var description: String {
        namespace.isEmpty ? "\(resource)/\(name)" : "\(resource)/\(namespace)/\(name)"
    }
}
