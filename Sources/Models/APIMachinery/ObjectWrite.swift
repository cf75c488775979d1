package import ClusterAPI

/// A write of one object as the request asked for it, before it touches the storage: metadata prepared, defaults set,
/// validated.
///
/// The value that comes out is in the storage version and complete except for `resourceVersion`.
package struct ObjectWrite: Sendable {
    package let resource: ResourceDescriptor
    /// The group and version of the request's URL.
    package let version: GroupVersion
    /// The namespace of the URL; nil for cluster-scoped kinds.
    package let namespace: String?
    package let fieldValidation: FieldValidation
    package let now: APITime
    /// Who owns what is written.
    package var ownership: FieldOwnership = .untold

    package init(
        resource: ResourceDescriptor, version: GroupVersion, namespace: String?,
        fieldValidation: FieldValidation = .warn,
        now: APITime, ownership: FieldOwnership = .untold
    ) {
        self.resource = resource
        self.version = version
        self.namespace = namespace
        self.fieldValidation = fieldValidation
        self.now = now
        self.ownership = ownership
    }

    /// What is to be stored, and what the response's `Warning` headers say.
    package struct Result: Hashable, Sendable {
        package var object: JSONValue
        package var warnings: [String]
    }

    /// Which part of an object an update may change.
    package enum Part: Hashable, Sendable {
        /// Everything but `status` (for kinds that have the status subresource).
        case main
        /// `status` alone.
        case status
    }

    /// Prepares a new object.
    ///
    /// `nameSuffix` is five random characters of `bcdfghjklmnpqrstvwxz2456789` for generateName, `uid` a random UUID.
    /// Throws 400 for a body of another kind or namespace, 422 for invalid content.
    package func create(_ body: JSONValue, uid: String, nameSuffix: String) throws(APIStatus) -> Result {
        try creating(body, uid: uid, nameSuffix: nameSuffix)
    }

    /// Prepares the replacement of `existing` (as stored) under `name` by `body` (a whole object in any served
    /// version).
    ///
    /// The caller has compared resourceVersion already, or calls `checkPreconditions` first.
    package func update(
        _ body: JSONValue, replacing existing: JSONValue, name: String, part: Part = .main
    ) throws(APIStatus) -> Result {
        try updating(body, replacing: existing, name: name, part: part)
    }
}
