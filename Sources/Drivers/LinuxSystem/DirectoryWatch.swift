import CLinux
import Glibc

/// Tells that files of a directory were replaced, made or removed.
package struct DirectoryWatch: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// - Throws: `SystemError`; not found when there is no such directory.
    package init(_ path: String) throws(SystemError) {
        let descriptor = OwnedDescriptor(
            adopting: try systemCall("make", "an inotify") {
                inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            })
        let mask = UInt32(IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_MOVED_FROM)
        let raw = descriptor.rawValue
        try systemCall("watch", path) { inotify_add_watch(raw, path, mask) }
        self.descriptor = descriptor
    }

    /// Readable when something has happened.
    package var rawDescriptor: Int32 { descriptor.rawValue }

    /// Forgets what has happened so far.
    package func drain() throws(SystemError) {
        while let bytes = try descriptor.read(upTo: 16_384), !bytes.isEmpty {}
    }
}
