/// Where the audit log is kept, and how much of it.
package struct AuditLogOptions: Sendable {
    package var path: String
    /// In bytes; a file that would become larger is put aside as `FILE.1`.
    package var largestSize: Int
    /// The files that are kept besides the current one; at least one.
    package var keptFiles: Int

    package init(path: String, largestSize: Int = 64 << 20, keptFiles: Int = 4) {
        self.path = path
        self.largestSize = largestSize
        self.keptFiles = max(1, keptFiles)
    }
}
