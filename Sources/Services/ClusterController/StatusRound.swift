import KubernetesClient
import Logging

/// One attempt at all statuses that are to be others.
struct StatusRound {
    private let logger: Logger
    /// False as soon as one was not written that is to be tried again.
    private(set) var isDone = true

    init(logger: Logger) { self.logger = logger }

    /// Writes one; a failure is remembered, however the others fare, and what has gone meanwhile needs no status.
    mutating func write(_ object: String, _ write: () async throws -> Void) async {
        do {
            try await write()
        } catch {
            if error.apiFailure?.isNotFound != true { isDone = false }
            logger.debug("a status is not written", metadata: ["object": "\(object)", "error": "\(error)"])
        }
    }
}
