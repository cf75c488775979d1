import Glibc

/// What one process of the machine has for itself, until it ends or lets go.
///
/// The kernel keeps it: a process that is killed leaves no claim behind, and no file. A child that is just being started has it,
/// too, for the moment until it becomes its program.
package final class ExclusiveClaim: Sendable {
    private let owned: OwnedDescriptor

    private init(_ owned: consuming OwnedDescriptor) { self.owned = owned }

    /// A directory that exists; nil while it is claimed.
    ///
    /// Bound to the directory itself: one that is removed and made again is another.
    package static func directory(_ path: String) throws(SystemError) -> ExclusiveClaim? {
        let directory = try OwnedDescriptor.open(path)
        do throws(SystemError) {
            try systemCall("lock", path) { flock(directory.rawValue, LOCK_EX | LOCK_NB) }
        } catch  where error.number == .again {
            return nil
        }
        return ExclusiveClaim(directory)
    }

    /// A name in the calling thread's network namespace, 1 to 100 bytes; nil while it is claimed.
    package static func network(_ name: String) throws(SystemError) -> ExclusiveClaim? {
        let bytes = Array(name.utf8)
        guard (1...100).contains(bytes.count) else {
            throw SystemError("claim", "'\(name)' (1 to 100 bytes)", .invalid)
        }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("make a socket for", name) { socket(AF_UNIX, type, 0) }
        let owned = OwnedDescriptor(adopting: raw)
        // An address without a file begins with a zero byte. Each network namespace has its own.
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2) + 1 + socklen_t(bytes.count)
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Result { () throws(SystemError) in
                    try systemCall("claim", name) { bind(owned.rawValue, address, length) }
                }
            }
        }
        do throws(SystemError) {
            _ = try outcome.get()
        } catch  where error.number == .addressInUse {
            return nil
        }
        return ExclusiveClaim(owned)
    }
}
