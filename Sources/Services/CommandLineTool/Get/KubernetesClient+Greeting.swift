import KubernetesClient
import Logging

extension KubernetesClient {
    /// Finds out whether the server answers at all, within a person's patience.
    ///
    /// Lists may take long; the version does not. A refusal is an answer: what is asked next says more about it.
    func greet() async throws {
        var client = self
        // Connections are given up after five seconds, and with a better word than that the time was up.
        client.requestTimeout = .milliseconds(5500)
        client.retryPolicy.patience = .seconds(4)
        do {
            _ = try await client.serverVersion()
        } catch let error where error.apiFailure != nil {
            logger.debug("the server answers with a refusal", metadata: ["error": "\(error)"])
        }
    }
}
