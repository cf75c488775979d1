import CLinux
import Glibc

/// Network namespaces with names that outlive processes, kept where `ip netns` keeps them.
package enum NetworkNamespace {
    package static let directory = "/run/netns"

    package static func path(of name: String) -> String { "\(directory)/\(name)" }

    /// Makes a namespace and binds it to its name.
    ///
    /// Throws `EEXIST` if the name is taken. Loopback is down, as the kernel makes it.
    @discardableResult
    package static func create(named name: String) throws -> NamespaceReference {
        try checkName(name)
        try prepareDirectory()
        let path = path(of: name)
        let file = try systemCall("create", "network namespace \(name)") {
            clinux_open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0)
        }
        _ = close(file)
        do {
            try DedicatedThread.run {
                try systemCall("make", "network namespace \(name)") { clinux_unshare_network() }
                try systemCall("bind", "network namespace \(name) to \(path)") {
                    clinux_bind_mount("/proc/thread-self/ns/net", path)
                }
            }
        } catch {
            _ = unlink(path)
            throw error
        }
        return .path(path)
    }

    /// Removes the name; the namespace goes when its last process and descriptor are gone.
    ///
    /// Nothing happens if there is no such name.
    package static func delete(named name: String) throws {
        try checkName(name)
        let path = path(of: name)
        if clinux_detach_mount(path) != 0, errno != EINVAL, errno != ENOENT {
            throw SystemError("unmount", path)
        }
        if unlink(path) != 0, errno != ENOENT { throw SystemError("remove", path) }
    }

    /// True if the name is there and is a namespace (and not the empty file that a crash left behind).
    package static func exists(named name: String) -> Bool {
        clinux_is_namespace_file(path(of: name)) == 1
    }

    /// The names that begin with `prefix`, sorted; empty files that a crash left behind are among them.
    package static func list(prefix: String = "") throws -> [String] {
        guard let stream = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw SystemError("list", directory)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix), name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The inode of a namespace: two references with the same inode are the same namespace.
    package static func identity(of reference: NamespaceReference) throws -> UInt64 {
        var status = stat()
        let path = reference.path
        try systemCall("look at", reference.description) { stat(path, &status) }
        return UInt64(status.st_ino)
    }

    private static func checkName(_ name: String) throws {
        guard !name.isEmpty, name.utf8.count < 200, name != ".", name != "..", !name.utf8.contains(0),
            !name.utf8.contains(UInt8(ascii: "/"))
        else { throw SystemError("use as a name", "'\(name)' (a namespace's name is one path component)", .invalid) }
    }

    /// Makes the directory a shared mount, so that names made here are seen in other mount namespaces.
    ///
    /// A lock keeps two processes from mounting it twice, as `ip netns` does.
    private static func prepareDirectory() throws {
        if mkdir(directory, 0o755) != 0, errno != EEXIST { throw SystemError("create", directory) }
        let lock = try OwnedDescriptor.open(directory)
        try systemCall("lock", directory) { flock(lock.rawValue, LOCK_EX) }
        if clinux_make_shared(directory) == 0 { return }
        guard errno == EINVAL else { throw SystemError("share", directory) }
        try systemCall("bind", directory) { clinux_bind_mount(directory, directory) }
        try systemCall("share", directory) { clinux_make_shared(directory) }
    }
}
