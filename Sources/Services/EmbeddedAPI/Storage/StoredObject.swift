package import APIMachinery
package import ClusterAPI
package import NIOCore

/// One state of one object: the JSON that clients get, and what selectors and the collector ask about it.
///
/// Immutable: lists, history and watches share it. The decoded document is not kept, it is read again when a write or a
/// table needs it, so that ten thousand objects cost their bytes.
package final class StoredObject: Sendable {
    package let key: StoreKey
    package let uid: String
    package let revision: UInt64
    /// The document in its storage version, resourceVersion included.
    package let bytes: ByteBuffer
    package let labels: [String: String]
    /// The fields that field selectors of this kind may name.
    package let fields: [String: String]
    /// The uids in `metadata.ownerReferences`.
    package let ownerUIDs: [String]
    package let isTerminating: Bool
    /// What no other object may have at the same time.
    package let claims: Set<ServiceClaim>

    /// Takes the facts out of `document`, whose resourceVersion must already be `revision`.
    init(key: StoreKey, revision: UInt64, document: JSONValue, bytes: ByteBuffer) {
        let metadata = document["metadata"]
        self.key = key
        self.revision = revision
        self.bytes = bytes
        uid = metadata?["uid"]?.string ?? ""
        labels = (metadata?["labels"]?.object ?? [:]).compactMapValues(\.string)
        fields = SelectableFields.values(of: document, resource: key.resource)
        ownerUIDs = (metadata?["ownerReferences"]?.array ?? []).compactMap { $0["uid"]?.string }
        isTerminating = metadata?["deletionTimestamp"]?.string != nil
        claims = ServiceClaim.all(of: document, resource: key.resource)
    }

    /// Encodes `document` with `revision` as its resourceVersion.
    convenience init(key: StoreKey, revision: UInt64, stamping document: JSONValue) {
        var stamped = document
        stamped["metadata"]?["resourceVersion"] = .string(String(revision))
        self.init(
            key: key, revision: revision, document: stamped, bytes: ByteBuffer(bytes: JSONText.encode(stamped)))
    }

    /// The decoded document.
    package var document: JSONValue {
        get throws { try JSONText.decode(bytes.readableBytesView) }
    }
}
