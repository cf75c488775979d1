import Glibc

/// A file that another process appends lines to, and now and then replaces by another: what is new since the last look.
package struct FollowedFile: Sendable {
    /// What was found at one look.
    package struct News: Sendable {
        /// The lines are all of another file than the one before, or of none.
        package let isAnother: Bool
        package let lines: [[UInt8]]

        package var isEmpty: Bool { !isAnother && lines.isEmpty }
    }

    package let path: String
    private var identity: UInt64?
    private var offset: Int64 = 0

    package init(path: String) { self.path = path }

    /// What was added since the last call; whole lines, without their ends.
    package mutating func read() throws(SystemError) -> News {
        guard let descriptor = try Self.open(path) else {
            defer { (identity, offset) = (nil, 0) }
            return News(isAnother: identity != nil, lines: [])
        }
        var status = stat()
        try systemCall("look at", path) { fstat(descriptor.rawValue, &status) }
        let isAnother = UInt64(status.st_ino) != identity || Int64(status.st_size) < offset
        if isAnother { (identity, offset) = (UInt64(status.st_ino), 0) }
        guard Int64(status.st_size) > offset else { return News(isAnother: isAnother, lines: []) }
        try systemCall("go on in", path) { lseek(descriptor.rawValue, Int(offset), SEEK_SET) }
        let bytes = try descriptor.readToEnd()
        // What has no end yet is read with the next look.
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return News(isAnother: isAnother, lines: []) }
        offset += Int64(end + 1)
        return News(
            isAnother: isAnother, lines: bytes[..<end].split(separator: UInt8(ascii: "\n")).map { Array($0) })
    }

    /// Nil if there is no such file.
    private static func open(_ path: String) throws(SystemError) -> OwnedDescriptor? {
        do throws(SystemError) {
            return try OwnedDescriptor.open(path)
        } catch {
            if error.number == .notFound { return nil }
            throw error
        }
    }
}
