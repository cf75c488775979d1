package import ClusterAPI

/// Keeps who owns which fields of the objects of one kind (structured-merge-diff `merge.Updater`, Kubernetes 1.20).
package struct Ownership: Sendable {
    let resource: ResourceDescriptor
    let version: GroupVersion
    let now: APITime

    /// `version` is the one of the request.
    package init(resource: ResourceDescriptor, version: GroupVersion, now: APITime) {
        self.resource = resource
        self.version = version
        self.now = now
    }

    var shape: OwnershipShape { OwnershipShape(resource, version: version) }

    /// The owners after an ordinary write: its writer owns what it changed, whoever owned that before.
    ///
    /// `live` nil is a new object. Without a change the owners stay as they are.
    package func updated(
        _ owners: ManagedFields, from live: JSONValue?, to object: JSONValue, by writer: FieldWriter
    ) -> ManagedFields {
        let comparison = FieldComparison(from: live.map(Self.bare) ?? [:], to: Self.bare(object), shape)
        guard !comparison.isEmpty else { return owners }
        var result = owners
        for index in result.entries.indices {
            let fields = result.entries[index].fields
            result.entries[index].fields = fields.subtracting(comparison.changed).subtracting(comparison.removed)
        }
        let taken = Self.withoutMeta(comparison.changed)
        if !taken.isEmpty { result.take(taken, by: writer, apiVersion: version.apiVersion, at: now.text) }
        result.tidy()
        return result
    }

    /// The object without what is only about owners.
    static func bare(_ object: JSONValue) -> JSONValue {
        guard object["metadata"]?["managedFields"] != nil, var metadata = object["metadata"] else { return object }
        var bare = object
        metadata["managedFields"] = nil
        bare["metadata"] = metadata
        return bare
    }

    private static let metaMembers = [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields",
        "resourceVersion",
    ]

    /// Without what nobody owns, since it names the object or is the server's.
    static func withoutMeta(_ fields: FieldSet) -> FieldSet {
        var result = fields
        for path in [["f:apiVersion"], ["f:kind"], ["f:metadata"]] { result.remove(path) }
        for member in metaMembers { result.children["f:metadata"]?.removeAll(below: "f:" + member) }
        if result.children["f:metadata"]?.isEmpty == true { result.children["f:metadata"] = nil }
        return result
    }
}

extension ManagedFields {
    /// Adds fields to what a writer owns in a version.
    fileprivate mutating func take(_ fields: FieldSet, by writer: FieldWriter, apiVersion: String, at time: String) {
        let index = entries.firstIndex { $0.writer == writer && $0.apiVersion == apiVersion }
        if let index {
            entries[index].fields = entries[index].fields.union(fields)
            entries[index].time = time
        } else {
            entries.append(Entry(writer: writer, apiVersion: apiVersion, time: time, fields: fields))
        }
    }
}
