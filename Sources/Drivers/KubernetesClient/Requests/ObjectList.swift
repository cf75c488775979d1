/// A list of objects, and the version of the whole collection at which it was read.
package struct ObjectList<Object: Sendable>: Sendable {
    package var items: [Object]
    /// Where a watch continues.
    package var resourceVersion: String
    /// Set when there is more; nil on lists of everything.
    package var continueToken: String?
    /// Items that the server sent and that do not have the form of `Object`.
    package var unreadable: [UnreadableObject]

    package init(
        items: [Object], resourceVersion: String, continueToken: String? = nil, unreadable: [UnreadableObject] = []
    ) {
        self.items = items
        self.resourceVersion = resourceVersion
        self.continueToken = continueToken
        self.unreadable = unreadable
    }
}
