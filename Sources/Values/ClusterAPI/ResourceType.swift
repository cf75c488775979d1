/// What the API calls a kind of object, and where it is served.
package struct ResourceType: Hashable, Sendable {
    /// Empty for the core group.
    package let group: String
    package let version: String
    package let kind: String
    /// The lower-case plural of the URL.
    package let plural: String
    package let isNamespaced: Bool

    package init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// `v1`, or `networking.k8s.io/v1`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The URL path of a collection, or of one object when `name` is given.
    ///
    /// `namespace` is ignored for cluster-scoped kinds; a namespaced kind without a namespace names the collection
    /// over all namespaces.
    package func path(namespace: String? = nil, name: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace, !namespace.isEmpty { path += "/namespaces/\(namespace)" }
        path += "/\(plural)"
        if let name { path += "/\(name)" }
        return path
    }
}

/// An object of the Kubernetes API with a Swift type of its own.
package protocol APIObject: Codable, Hashable, Sendable {
    static var resource: ResourceType { get }
    /// Where servers have the kind that do not have `resource`: the same objects in older versions, the newest first.
    ///
    /// For reading; what differs is decoded into the present form.
    static var olderResources: [ResourceType] { get }
    var metadata: ObjectMeta { get set }
}

extension APIObject {
    package static var olderResources: [ResourceType] { [] }

    /// Whether this is an earlier state than another of the same object.
    ///
    /// By `resourceVersion`, which grows with each write: a number at every server that is, and by contract since Kubernetes 1.35.
    /// Of texts that are none, no order is known.
    package func isOlder(than other: Self) -> Bool {
        guard metadata.uid == other.metadata.uid, let version = metadata.resourceVersion.flatMap({ UInt64($0) }),
            let later = other.metadata.resourceVersion.flatMap({ UInt64($0) })
        else { return false }
        return version < later
    }

    package var key: ObjectKey { ObjectKey(namespace: metadata.namespace ?? "", name: metadata.name ?? "") }
}

/// Encodes an object together with its `apiVersion` and `kind`, as the API wants it on the wire.
package struct WireObject<Object: APIObject>: Encodable {
    package let object: Object

    package init(_ object: Object) { self.object = object }

    package func encode(to encoder: any Encoder) throws {
        try object.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(Object.resource.apiVersion, forKey: .apiVersion)
        try container.encode(Object.resource.kind, forKey: .kind)
    }

    private enum Keys: CodingKey {
        case apiVersion, kind
    }
}
