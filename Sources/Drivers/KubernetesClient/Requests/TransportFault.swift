import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// Why a request got no answer, in words, and whether the request can have reached the server.
package struct TransportFault: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// True when no connection was made, so that the server has seen nothing.
    package let isBeforeSending: Bool

    package init(description: String, isBeforeSending: Bool) {
        self.description = description
        self.isBeforeSending = isBeforeSending
    }

    /// With what is found out about a handshake that failed.
    func explained(_ explanation: (String) -> String?) -> TransportFault {
        guard description.contains("TLS: ") || description.contains("SSL"), let words = explanation(description) else {
            return self
        }
        return TransportFault(description: "\(description): \(words)", isBeforeSending: isBeforeSending)
    }

    init(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError:
            let reasons = error.connectionErrors.map { "\($0.error)" }
            let resolution = [error.dnsAError, error.dnsAAAAError].compactMap { $0.map { "\($0)" } }
            self.init(
                description: Array(Set(reasons + resolution)).sorted().joined(separator: "; "), isBeforeSending: true)
        case let error as HTTPClientError where error == .connectTimeout:
            self.init(description: "no connection within 5 seconds", isBeforeSending: true)
        case let error as HTTPClientError where error == .deadlineExceeded:
            self.init(description: "the time for the request was up", isBeforeSending: false)
        case let error as HTTPClientError:
            self.init(description: error.shortDescription, isBeforeSending: false)
        case let error as IOError where error.errnoCode == 111 || error.errnoCode == 2:
            self.init(description: "\(error)", isBeforeSending: true)
        case let error as NIOSSLError:
            self.init(description: "TLS: \(error)", isBeforeSending: true)
        case let error as NIOSSLExtraError:
            self.init(description: "TLS: \(error)", isBeforeSending: true)
        case let error as BoringSSLError:
            self.init(description: "TLS: \(error)", isBeforeSending: true)
        default:
            self.init(description: "\(error)", isBeforeSending: false)
        }
    }
}
