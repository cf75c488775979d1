package import ClusterAPI
package import Logging

/// The one client of the Kubernetes API, for the agent, the controller, the command line and the lab.
///
/// A value that shares its connections: copy it freely. Whoever made it calls `shutdown()` once at the end, or uses
/// `withClient`. All calls throw `KubernetesError`, `ConfigurationError` or `CancellationError`.
package struct KubernetesClient: Sendable {
    package let configuration: ClusterConfiguration
    package let logger: Logger
    package var retryPolicy: RetryPolicy
    /// The time for one attempt of one request, watches excepted.
    package var requestTimeout: Duration = .seconds(30)

    let transport: Transport
    let credentials: Credentials
    let discovery: DiscoveryCache
    let serverClock = ServerClock()

    /// Reads certificates and keys; does not connect yet.
    ///
    /// - Parameter freshness: Files of certificates, keys and tokens are read again when the last reading is older.
    package init(
        _ configuration: ClusterConfiguration, logger: Logger = Logger(label: "gabion.kubernetes"),
        retryPolicy: RetryPolicy = RetryPolicy(), freshness: Duration = .seconds(10)
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.retryPolicy = retryPolicy
        credentials = Credentials(configuration, freshness: freshness)
        discovery = DiscoveryCache()
        transport = try Transport(configuration, logger: logger, freshness: freshness)
    }

    /// Runs `body` with a client as `init` makes it and closes its connections afterwards.
    package static func withClient<Result>(
        _ configuration: ClusterConfiguration, logger: Logger = Logger(label: "gabion.kubernetes"),
        freshness: Duration = .seconds(10), _ body: (KubernetesClient) async throws -> Result
    ) async throws -> Result {
        let client = try KubernetesClient(configuration, logger: logger, freshness: freshness)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// The time by the API server's clock, as far as its answers told it.
    package func serverTime() -> Timestamp { serverClock.time(at: .now()) }

    /// Says how this machine's clock differs from the API server's; nil when it does not, as far as answers told.
    package var clockDifference: String? { serverClock.difference }

    /// Closes all connections.
    ///
    /// Requests under way fail.
    package func shutdown() async { await transport.shutdown() }
}
