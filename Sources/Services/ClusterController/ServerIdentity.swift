import APIMachinery
package import KubernetesClient
package import Logging

/// Whether the server is the embedded one, beside which the controller does what Kubernetes' own controllers do elsewhere.
package struct ServerIdentity: Sendable {
    let client: KubernetesClient
    let logger: Logger

    package init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Asks until the server answers; nil when the task is cancelled before.
    package func isOurs() async -> Bool? {
        var backoff = Backoff(initial: .milliseconds(100), limit: .seconds(10))
        while !Task.isCancelled {
            do {
                return ServerVersion.isOurs(try await client.serverVersion())
            } catch {
                logger.warning("the server's version is not known yet", metadata: ["error": "\(error)"])
                guard (try? await Task.sleep(for: backoff.pause())) != nil else { return nil }
            }
        }
        return nil
    }
}
