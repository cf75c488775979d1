/// One committed change, as history keeps it and watches tell it.
package struct StoreEvent: Sendable {
    package enum Kind: Sendable {
        case added, modified, deleted
    }

    package let kind: Kind
    /// The state after the change; for a deletion the last state, stamped with the deletion's revision.
    package let object: StoredObject
    /// The state before the change; nil for an addition.
    package let previous: StoredObject?

    package var revision: UInt64 { object.revision }
}
