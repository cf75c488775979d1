import CLinux
import Glibc

/// An error number of the kernel (`errno`).
package struct ErrorNumber: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// What the calling thread's last failed call left behind.
    package static var current: ErrorNumber { ErrorNumber(rawValue: errno) }

    package static let notPermitted = ErrorNumber(rawValue: EPERM)
    package static let notFound = ErrorNumber(rawValue: ENOENT)
    package static let noSuchProcess = ErrorNumber(rawValue: ESRCH)
    package static let inputOutput = ErrorNumber(rawValue: EIO)
    package static let interrupted = ErrorNumber(rawValue: EINTR)
    package static let noSuchDevice = ErrorNumber(rawValue: ENODEV)
    package static let addressInUse = ErrorNumber(rawValue: EADDRINUSE)
    package static let noSuchAddress = ErrorNumber(rawValue: EADDRNOTAVAIL)
    package static let exists = ErrorNumber(rawValue: EEXIST)
    package static let invalid = ErrorNumber(rawValue: EINVAL)
    package static let busy = ErrorNumber(rawValue: EBUSY)
    package static let again = ErrorNumber(rawValue: EAGAIN)
    package static let inProgress = ErrorNumber(rawValue: EINPROGRESS)
    package static let connectionRefused = ErrorNumber(rawValue: ECONNREFUSED)
    package static let connectionReset = ErrorNumber(rawValue: ECONNRESET)
    package static let hostUnreachable = ErrorNumber(rawValue: EHOSTUNREACH)
    package static let networkUnreachable = ErrorNumber(rawValue: ENETUNREACH)
    package static let timedOut = ErrorNumber(rawValue: ETIMEDOUT)
    package static let accessDenied = ErrorNumber(rawValue: EACCES)
    package static let notSupported = ErrorNumber(rawValue: EOPNOTSUPP)
    package static let noBufferSpace = ErrorNumber(rawValue: ENOBUFS)
    package static let outOfRange = ErrorNumber(rawValue: ERANGE)

    /// The symbol, such as `ENOENT`.
    package var name: String {
        guard let text = clinux_error_name(rawValue) else { return "error \(rawValue)" }
        return String(cString: text)
    }

    package var description: String {
        guard let text = clinux_error_text(rawValue) else { return name }
        return "\(String(cString: text)) (\(name))"
    }
}
