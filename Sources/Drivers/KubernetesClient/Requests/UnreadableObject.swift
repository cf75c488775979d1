package import ClusterAPI

/// An object that exists in the API and that could not be decoded: its name, and why.
package struct UnreadableObject: Hashable, Sendable, CustomStringConvertible {
    package let key: ObjectKey
    package let reason: String

    package init(key: ObjectKey, reason: String) {
        self.key = key
        self.reason = reason
    }

    package var description: String { "\(key): \(reason)" }
}
