/// What can go wrong between a client and an API server.
///
/// Every case names the request it concerns.
package enum KubernetesError: Error, Sendable, CustomStringConvertible {
    /// The server answered with a failure.
    case refused(APIFailure)
    /// No answer: the connection could not be made, broke, or the time was up.
    case unreachable(method: String, path: String, server: String, fault: TransportFault)
    /// The server answered, but not with what the API says.
    case unreadable(method: String, path: String, reason: String)
    /// The server serves no such kind.
    case unknownResource(String, reason: String)
    /// The object cannot be sent: a field that the request needs is missing.
    case unsendable(String, reason: String)

    package var description: String {
        switch self {
        case .refused(let failure): failure.description
        case .unreachable(let method, let path, let server, let fault):
            "\(method) \(path): no answer from \(server): \(fault)"
        case .unreadable(let method, let path, let reason): "\(method) \(path): unreadable answer: \(reason)"
        case .unknownResource(let name, let reason): "the server has no resource '\(name)': \(reason)"
        case .unsendable(let object, let reason): "\(object) cannot be sent: \(reason)"
        }
    }

    var isUnreadable: Bool {
        if case .unreadable = self { true } else { false }
    }

    package var failure: APIFailure? {
        guard case .refused(let failure) = self else { return nil }
        return failure
    }
}

/// A failure that the server reported: the Status object, with the request that it answers.
package struct APIFailure: Hashable, Sendable, CustomStringConvertible {
    package let method: String
    package let path: String
    package let status: Status
    /// From the Retry-After header.
    package let retryAfter: Duration?
    /// The uid of the PriorityLevelConfiguration that the request was counted for, when the server says so.
    package var priorityLevel: String?
    /// What may be the reason here.
    package var hint: String?

    package var code: Int { status.code ?? 0 }
    package var isNotFound: Bool { code == 404 }
    /// The object has changed since it was read.
    package var isConflict: Bool { code == 409 && status.reason != "AlreadyExists" }
    package var alreadyExists: Bool { code == 409 && status.reason == "AlreadyExists" }
    /// The resource version or the continue token is too old.
    package var isGone: Bool { code == 410 || status.reason == "Expired" }

    package var description: String {
        "\(method) \(path): \(code) \(status.reason ?? "Unknown"): \(status.message ?? "no message")"
            + (code == 429 ? priorityLevel.map { " (priority level with uid \($0))" } ?? "" : "")
            + (hint.map { "; \($0)" } ?? "")
    }
}

/// meta/v1 Status, as errors and watch streams carry it.
package struct Status: Codable, Hashable, Sendable {
    package var status: String?
    package var message: String?
    package var reason: String?
    package var code: Int?
    package var details: Details?

    package init(code: Int, reason: String? = nil, message: String? = nil) {
        status = "Failure"
        self.code = code
        self.reason = reason
        self.message = message
    }

    package struct Details: Codable, Hashable, Sendable {
        package var name: String?
        package var group: String?
        package var kind: String?
        package var uid: String?
        package var causes: [Cause]?
        package var retryAfterSeconds: Int?
    }

    package struct Cause: Codable, Hashable, Sendable {
        package var reason: String?
        package var message: String?
        package var field: String?
    }
}

extension Error {
    /// The server's failure, when that is what this error is.
    package var apiFailure: APIFailure? { (self as? KubernetesError)?.failure }
}
