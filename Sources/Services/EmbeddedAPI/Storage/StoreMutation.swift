package import ClusterAPI

/// One change that a write asks for.
///
/// The store gives it its revision.
package enum StoreMutation: Sendable {
    case put(StoreKey, JSONValue)
    /// Removes the object. `last` is its final state where that differs from the stored one.
    case delete(StoreKey, last: JSONValue? = nil)
}

/// What a write decided after looking at the current state.
package enum StoreDecision: Sendable {
    /// Commit these changes, all or none.
    case commit([StoreMutation])
    /// Nothing changes; this object answers the request.
    case unchanged(StoredObject)
    /// Nothing changes (dry run); this document answers the request.
    case preview(JSONValue)
}

/// What came of a write, known after its commit reached the disk.
package enum StoreOutcome: Sendable {
    /// The new state of each mutated object in order; for a deletion its last state.
    case committed([StoredObject])
    case unchanged(StoredObject)
    case preview(JSONValue)

    /// The document that answers a request about one object.
    package var document: JSONValue {
        get throws {
            switch self {
            case .committed(let objects): try objects.first?.document ?? .null
            case .unchanged(let object): try object.document
            case .preview(let document): document
            }
        }
    }
}
