import ClusterAPI
package import KubernetesClient
package import NodeAgent

/// The objects of one kind as agents take them: for what cannot be read stands what they make of it, if anything.
package struct ObjectsInForce<Object: WatchedObject>: Sendable {
    package let items: [Object]
    /// One for each object that cannot be read, with what is made of it.
    package let warnings: [String]

    package init(_ list: ObjectList<Object>) {
        items = list.items + list.unreadable.compactMap { Object.substitute(for: $0.key) }
        warnings = list.unreadable.map { broken in
            let consequence =
                Object.substitute(for: broken.key) == nil
                ? "it is left out" : "it closes all that it may be about, as agents take it"
            return "\(Object.resource.kind) \(broken) cannot be read: \(consequence)"
        }
    }
}
