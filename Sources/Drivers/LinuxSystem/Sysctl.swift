import Glibc

/// Kernel settings below `/proc/sys`.
///
/// Those below `net` belong to the calling thread's network namespace: use `withNetworkNamespace` for another one.
package enum Sysctl {
    /// `key` is a path: `net/ipv4/ip_forward`.
    ///
    /// The value without its line end.
    package static func read(_ key: String) throws(SystemError) -> String {
        let file = try OwnedDescriptor.open(try path(key))
        var text = String(decoding: try file.readToEnd(), as: UTF8.self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    package static func write(_ key: String, _ value: String) throws(SystemError) {
        let path = try path(key)
        let file = OwnedDescriptor(adopting: try systemCall("open", path) { Glibc.open(path, O_WRONLY | O_CLOEXEC) })
        let bytes = Array(value.utf8)
        try systemCall("write \(value) to", path) { Glibc.write(file.rawValue, bytes, bytes.count) }
    }

    /// Writes only what differs; returns whether something changed.
    @discardableResult
    package static func ensure(_ key: String, _ value: String) throws(SystemError) -> Bool {
        if try read(key) == value { return false }
        try write(key, value)
        return true
    }

    private static func path(_ key: String) throws(SystemError) -> String {
        guard !key.isEmpty, !key.hasPrefix("/"), !key.split(separator: "/").contains("..") else {
            throw SystemError("use as a sysctl", "'\(key)'", .invalid)
        }
        return "/proc/sys/\(key)"
    }
}
