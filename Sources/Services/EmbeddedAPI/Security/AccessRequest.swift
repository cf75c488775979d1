/// What a request wants to do, as authorization sees it.
struct AccessRequest: Hashable, Sendable {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`.
    var verb: String
    let group: String
    /// The plural.
    let resource: String
    var subresource: String?
    var namespace: String?
    var name: String?

    /// `pods`, or `leases.coordination.k8s.io`: a kind of another group with the same plural is another kind.
    var qualifiedPlural: String { group.isEmpty ? resource : "\(resource).\(group)" }

    /// `pods`, or `pods/status`: how messages name it.
    var qualifiedResource: String { subresource.map { "\(resource)/\($0)" } ?? resource }
}
