/// Where the audit log is kept, and how much of it.
package struct AuditLogOptions: Sendable {
    package let path: String
    /// In bytes, at least one; a file that would become larger is put aside as `FILE.1`.
    package let largestSize: Int
    /// The files that are kept besides the current one; at least one.
    package let keptFiles: Int

    package init(path: String, largestSize: Int = 64 << 20, keptFiles: Int = 4) {
        self.path = path
        self.largestSize = max(1, largestSize)
        self.keptFiles = max(1, keptFiles)
    }
}
