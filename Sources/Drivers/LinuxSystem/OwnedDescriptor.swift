import CLinux
import Glibc

/// A file descriptor with exactly one owner: closed when the owner goes away.
///
/// Always close-on-exec.
package struct OwnedDescriptor: ~Copyable, Sendable {
    package let rawValue: Int32

    /// Takes over a descriptor that nobody else will close.
    package init(adopting rawValue: Int32) { self.rawValue = rawValue }

    deinit { _ = close(rawValue) }

    /// Gives up ownership: the caller closes it.
    package consuming func relinquish() -> Int32 {
        let raw = rawValue
        discard self
        return raw
    }

    package enum Access: Sendable {
        case read
        case readWrite
        /// Creates the file (mode 0644) if needed and writes at its end.
        case append
        /// Creates the file (mode 0644) or empties it.
        case overwrite
    }

    package static func open(_ path: String, for access: Access = .read) throws(SystemError) -> OwnedDescriptor {
        let flags =
            switch access {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .append: O_WRONLY | O_CREAT | O_APPEND
            case .overwrite: O_WRONLY | O_CREAT | O_TRUNC
            }
        return OwnedDescriptor(
            adopting: try systemCall("open", path) { clinux_open(path, flags | O_CLOEXEC, 0o644) })
    }

    package func duplicate() throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(
            adopting: try systemCall("duplicate", "descriptor \(rawValue)") { fcntl(rawValue, F_DUPFD_CLOEXEC, 3) })
    }

    /// At most `count` bytes; empty at the end, nil if it would have to wait (non-blocking descriptors only).
    package func read(upTo count: Int) throws(SystemError) -> [UInt8]? {
        // On the stack if it is small; what is large is not cleared first, and what comes is often small.
        let outcome = withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { buffer in
            Result { () throws(SystemError) -> [UInt8]? in
                let got = try systemCallOrWait("read", "descriptor \(rawValue)") {
                    Glibc.read(rawValue, buffer.baseAddress, count)
                }
                return got.map { Array(buffer.prefix($0)) }
            }
        }
        return try outcome.get()
    }

    /// Writes everything; for blocking descriptors.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            written += try systemCall("write", "descriptor \(rawValue)") {
                bytes.withUnsafeBytes {
                    Glibc.write(rawValue, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
            }
        }
    }

    /// Everything up to the end; for blocking descriptors.
    package func readToEnd() throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        while let chunk = try read(upTo: 65536), !chunk.isEmpty { all += chunk }
        return all
    }
}
