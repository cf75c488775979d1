/// Where a kind is served: `/api/v1`, or `/apis/GROUP/VERSION`.
package struct GroupVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Empty for the core group.
    package let group: String
    package let version: String

    package init(group: String, version: String) {
        self.group = group
        self.version = version
    }

    /// Parses `v1` or `networking.k8s.io/v1`.
    package init?(apiVersion: String) {
        let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1 where !parts[0].isEmpty: self.init(group: "", version: parts[0])
        case 2 where !parts[0].isEmpty && !parts[1].isEmpty: self.init(group: parts[0], version: parts[1])
        default: return nil
        }
    }

    /// What objects carry as `apiVersion`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    package var description: String { apiVersion }

    package static func < (left: GroupVersion, right: GroupVersion) -> Bool {
        (left.group, left.version) < (right.group, right.version)
    }
}

/// A kind of object as the server knows it: names, scope, where it is served, what may be done with it.
package struct ResourceDescriptor: Hashable, Sendable {
    /// The group and version that objects are stored in; one storage for all of `served`.
    package var storage: GroupVersion
    /// Every group and version that the kind is served in, the storage included.
    package var served: [GroupVersion]
    package var kind: String
    package var listKind: String
    package var plural: String
    package var singular: String
    package var shortNames: [String]
    package var categories: [String]
    package var isNamespaced: Bool
    package var verbs: [String]
    package var hasStatus: Bool
    /// What `kubectl get` shows after the name, in order; empty means the age alone.
    package var columns: [PrinterColumn]
    /// The name of the CustomResourceDefinition that declared the kind; nil for built-in kinds.
    package var customResourceDefinition: String?
    /// What objects may hold, by version; empty for built-in kinds, which have `KindRules`.
    package var schemas: [String: StructuralSchema] = [:]

    /// Every verb of a resource that may be read, watched and written.
    package static let allVerbs = [
        "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
    ]

    /// Those that may change what is stored.
    package static let writingVerbs: Set<String> = ["create", "update", "patch", "delete", "deletecollection"]

    package init(
        _ storage: GroupVersion, alsoServed: [GroupVersion] = [], kind: String, plural: String,
        shortNames: [String] = [],
        categories: [String] = [], isNamespaced: Bool, hasStatus: Bool = false, columns: [PrinterColumn] = []
    ) {
        self.storage = storage
        served = [storage] + alsoServed
        self.kind = kind
        listKind = kind + "List"
        self.plural = plural
        singular = kind.lowercased()
        self.shortNames = shortNames
        self.categories = categories
        self.isNamespaced = isNamespaced
        verbs = Self.allVerbs
        self.hasStatus = hasStatus
        self.columns = columns
        customResourceDefinition = nil
    }

    /// The stable name of the storage, `pods` or `networkpolicies.networking.k8s.io`: also the form of error messages.
    package var qualifiedPlural: String { storage.group.isEmpty ? plural : "\(plural).\(storage.group)" }

    /// `Pod`, or `NetworkPolicy.networking.k8s.io`: the form of validation messages.
    package var qualifiedKind: String { storage.group.isEmpty ? kind : "\(kind).\(storage.group)" }

    /// True where a PUT without a resourceVersion replaces whatever is there (the strategies' `AllowUnconditionalUpdate`).
    ///
    /// For all others, custom resources among them, it would be a way to lose somebody else's change.
    package var allowsUnconditionalUpdate: Bool {
        customResourceDefinition == nil && Self.unconditional.contains(qualifiedPlural)
    }

    private static let unconditional: Set<String> = [
        "namespaces", "nodes", "pods", "services", "endpoints", "configmaps", "secrets", "events",
        "networkpolicies.networking.k8s.io", "ingresses.networking.k8s.io", "ingressclasses.networking.k8s.io",
        "endpointslices.discovery.k8s.io",
    ]

    /// True where the answer to a completed deletion is the last state of the object rather than a Status, as typed
    /// clients of these kinds expect.
    package var returnsDeletedObject: Bool {
        customResourceDefinition == nil && ["Pod", "Service", "ServiceAccount"].contains(kind)
    }
}
