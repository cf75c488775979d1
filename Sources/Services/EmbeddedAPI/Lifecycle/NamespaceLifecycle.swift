import ClusterAPI

/// The states of a Namespace.
///
/// While `spec.finalizers` holds `kubernetes`, its content is not gone yet.
enum NamespaceLifecycle {
    private static let finalizer: JSONValue = "kubernetes"

    /// A new namespace: labelled with its name, active, and not to be removed before its content.
    static func prepared(_ namespace: JSONValue) -> JSONValue {
        var namespace = namespace
        var labels = namespace["metadata"]?["labels"]?.object ?? [:]
        labels["kubernetes.io/metadata.name"] = namespace["metadata"]?["name"]
        namespace["metadata"]?["labels"] = .object(labels)
        namespace["spec"] = ["finalizers": [finalizer]]
        namespace["status"] = ["phase": "Active"]
        return namespace
    }

    static func terminating(_ namespace: JSONValue) -> JSONValue {
        var namespace = namespace
        namespace["status"] = ["phase": "Terminating"]
        return namespace
    }

    /// The namespace after its content is gone.
    static func emptied(_ namespace: JSONValue) -> JSONValue {
        var namespace = namespace
        let others = (namespace["spec"]?["finalizers"]?.array ?? []).filter { $0 != finalizer }
        namespace["spec"] = others.isEmpty ? [:] : ["finalizers": .array(others)]
        return namespace
    }
}
