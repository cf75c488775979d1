import ClusterAPI

/// What a write says about the owners of fields.
package enum FieldOwnership: Hashable, Sendable {
    /// Nothing: nobody is known to write.
    case untold
    /// The writer owns what changes, as far as the object has owners.
    ///
    /// New objects get them from writers who say who they are: to tell of every field who wrote it would double the
    /// objects of programs that never ask.
    case change(FieldWriter, isStated: Bool)
    /// These, from an apply.
    case given(ManagedFields)
}

extension ObjectWrite {
    /// `metadata.managedFields` of a new object; nil for none.
    func owners(of object: JSONValue, stated: JSONValue?) -> JSONValue? {
        switch ownership {
        case .untold: return nil
        case .given(let owners): return owners.document
        case .change(let writer, let isStated):
            let known = ManagedFields(stated) ?? ManagedFields()
            guard isStated || !known.entries.isEmpty else { return nil }
            return tracking.updated(known, from: nil, to: object, by: writer).document
        }
    }

    /// The same of an object that replaces another; `stated` is what the client sent.
    func owners(of object: JSONValue, stated: JSONValue?, replacing existing: JSONValue) -> JSONValue? {
        let present = existing["metadata"]?["managedFields"]
        switch ownership {
        case .untold: return present
        case .given(let owners): return owners.document
        case .change(let writer, _):
            if ManagedFields.isReset(stated) { return nil }
            var known = ManagedFields(stated) ?? ManagedFields()
            if known.entries.isEmpty { known = ManagedFields(present) ?? ManagedFields() }
            guard !known.entries.isEmpty else { return nil }
            let owners = tracking.updated(known, from: existing, to: object, by: writer)
            return owners == ManagedFields(present) ? present : owners.document
        }
    }

    private var tracking: Ownership { Ownership(resource: resource, version: version, now: now) }
}
