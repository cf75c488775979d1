import AsyncHTTPClient
import ClusterAPI
package import Logging
import NIOCore
import NIOPosix
import Synchronization

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

    let http: HTTPClient
    let tokens: TokenSource
    let discovery: DiscoveryCache

    /// Reads certificates and keys; does not connect yet.
    package init(
        _ configuration: ClusterConfiguration, logger: Logger = Logger(label: "gabion.kubernetes"),
        retryPolicy: RetryPolicy = RetryPolicy()
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.retryPolicy = retryPolicy
        tokens = TokenSource(configuration.token)
        discovery = DiscoveryCache()
        http = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: try Self.transport(configuration))
    }

    /// Runs `body` with a client and closes its connections afterwards.
    package static func withClient<Result>(
        _ configuration: ClusterConfiguration, logger: Logger = Logger(label: "gabion.kubernetes"),
        _ body: (KubernetesClient) async throws -> Result
    ) async throws -> Result {
        let client = try KubernetesClient(configuration, logger: logger)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Closes all connections.
    ///
    /// Requests under way fail.
    package func shutdown() async {
        do {
            try await http.shutdown().get()
        } catch {
            logger.debug("closing connections failed", metadata: ["error": "\(error)"])
        }
    }

    /// HTTP/1.1, because each watch then has a connection of its own that no other request can hold up.
    private static func transport(_ configuration: ClusterConfiguration) throws -> HTTPClient.Configuration {
        var transport = HTTPClient.Configuration()
        transport.httpVersion = .http1Only
        transport.redirectConfiguration = .disallow
        transport.timeout.connect = .seconds(5)
        transport.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        transport.connectionPool.retryConnectionEstablishment = false
        transport.dnsOverride = configuration.nameOverrides
        transport.tlsConfiguration = try configuration.tlsConfiguration()
        if case .url = configuration.server { transport.http1_1ConnectionDebugInitializer = keepAlive }
        return transport
    }

    /// A silent peer is noticed after about 25 seconds: a watch has no other sign of life.
    private static let keepAlive: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
        let options: [(ChannelOptions.Types.SocketOption, SocketOptionValue)] = [
            (.socketOption(.so_keepalive), 1),
            (.tcpOption(.init(rawValue: 4)), 10),
            (.tcpOption(.init(rawValue: 5)), 5),
            (.tcpOption(.init(rawValue: 6)), 3),
        ]
        return EventLoopFuture.andAllComplete(
            options.map { channel.setOption($0.0, value: $0.1) }, on: channel.eventLoop)
    }
}
