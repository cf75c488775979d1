import Foundation
import LinuxSystem

/// Files that only their owner may read.
enum ProtectedFile {
    /// Makes the directory with mode 0700 if it does not exist; an existing one keeps its mode.
    static func makeDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Replaces the file at `path` by one with mode 0600: readers see the old content or the new, nothing between.
    static func write(_ text: String, to path: String) throws {
        let temporary = path + ".new"
        if FileManager.default.fileExists(atPath: temporary) { try FileManager.default.removeItem(atPath: temporary) }
        let made = FileManager.default.createFile(
            atPath: temporary, contents: Data(), attributes: [.posixPermissions: 0o600])
        guard made else { throw SecurityError.file(temporary, "it cannot be created") }
        let handle = try FileHandle(forWritingTo: URL(filePath: temporary))
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
        do {
            try FileReplacement.move(temporary, onto: path)
        } catch {
            throw SecurityError.file(path, "\(error)")
        }
    }

    /// The file's text; nil when there is none.
    static func read(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}
