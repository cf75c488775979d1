/// keepalived did not do what it was told.
package struct KeepalivedError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
