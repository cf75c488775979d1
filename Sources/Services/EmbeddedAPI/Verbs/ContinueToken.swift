import ClusterAPI
import Foundation

/// Where a limited list goes on: the state that its first page showed, and the last object of the page before.
struct ContinueToken: Hashable, Sendable {
    let revision: UInt64
    let namespace: String
    let name: String

    init(revision: UInt64, after key: StoreKey) {
        self.revision = revision
        namespace = key.namespace
        name = key.name
    }

    /// Nil for text that no list gave out.
    init?(_ text: String) {
        guard let data = Data(base64Encoded: text), let document = try? JSONText.decode(data),
            let revision = document["rv"]?.int.flatMap(UInt64.init(exactly:)),
            let namespace = document["ns"]?.string, let name = document["name"]?.string
        else { return nil }
        self.revision = revision
        self.namespace = namespace
        self.name = name
    }

    var text: String {
        let document: JSONValue = ["rv": .int(Int64(revision)), "ns": .string(namespace), "name": .string(name)]
        return Data(JSONText.encode(document)).base64EncodedString()
    }

    /// Whether an object comes on a later page.
    func isBefore(_ key: StoreKey) -> Bool {
        (namespace, name) < (key.namespace, key.name)
    }
}
