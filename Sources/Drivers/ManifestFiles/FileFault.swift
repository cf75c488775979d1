import Foundation

/// Why a file or a folder cannot be used, in the words of the system.
package enum FileFault {
    /// `error` as thrown by Foundation; what is no fault of a file says itself what it is.
    package static func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        if let cause = error.underlying as? POSIXError {
            return String(cString: strerror(cause.code.rawValue)).lowercased()
        }
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: return "no such file or directory"
        case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
        default: return error.localizedDescription
        }
    }
}
