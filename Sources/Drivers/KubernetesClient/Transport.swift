import AsyncHTTPClient
import ClusterAPI
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The HTTP client for the certificates as they are now.
///
/// Files of certificates and keys are rotated while a program runs: they are read again when the last reading is older than
/// `freshness`, and what has changed is used for the requests that follow. Watches that are open go on with what they began with,
/// until the server or we end them. Files that do not fit together, as in the middle of a rotation, change nothing yet.
final class Transport: Sendable {
    private struct State {
        var current: (material: TLSMaterial, client: HTTPClient)?
        var certificate: ClusterConfiguration.ClientCertificate?
        var readAt = ContinuousClock.now
        var retired: [(client: HTTPClient, at: ContinuousClock.Instant)] = []
        /// What was wrong with the files when they were read last; told once.
        var problem: String?
    }

    /// No watch is older (`WatchTiming.watchTimeout`).
    private static let rest = Duration.seconds(330)

    private let configuration: ClusterConfiguration
    private let logger: Logger
    private let freshness: Duration
    private let state = Mutex(State())

    /// Reads the files; what is wrong with them is an error.
    init(_ configuration: ClusterConfiguration, logger: Logger, freshness: Duration) throws {
        self.configuration = configuration
        self.logger = logger
        self.freshness = freshness
        // A program's certificate comes with the first request.
        _ = try client(with: configuration.clientCertificate)
    }

    /// A client that shows this certificate.
    func client(
        with certificate: ClusterConfiguration.ClientCertificate?, now: ContinuousClock.Instant = .now
    ) throws -> HTTPClient {
        try state.withLock { state in
            if let current = state.current, state.certificate == certificate, now - state.readAt < freshness {
                return current.client
            }
            let client = try renewed(certificate, in: &state, now: now)
            (state.certificate, state.readAt) = (certificate, now)
            while let first = state.retired.first, now - first.at > Self.rest {
                state.retired.removeFirst()
                close(first.client)
            }
            return client
        }
    }

    /// What the certificates in use say about times.
    func times(at now: Timestamp = .now()) -> CertificateTimes {
        CertificateTimes(material: state.withLock { $0.current?.material } ?? TLSMaterial(), now: now)
    }

    private func renewed(
        _ certificate: ClusterConfiguration.ClientCertificate?, in state: inout State, now: ContinuousClock.Instant
    ) throws -> HTTPClient {
        do {
            let material = try configuration.material(with: certificate)
            if let current = state.current, current.material == material { return current.client }
            let tls = try configuration.tlsConfiguration(material)
            if let old = state.current {
                logger.notice("certificates have changed", metadata: ["server": "\(configuration.server)"])
                state.retired.append((old.client, now))
            }
            let client = HTTPClient(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: Self.settings(configuration, tls))
            state.current = (material, client)
            state.problem = nil
            return client
        } catch {
            // A certificate that is not the one in use, as of a program, has no older one to go on with.
            guard let current = state.current, state.certificate == certificate else { throw error }
            if state.problem != "\(error)" {
                logger.warning("certificates stay as they were", metadata: ["error": "\(error)"])
                state.problem = "\(error)"
            }
            return current.client
        }
    }

    /// Closes all connections; requests under way fail.
    func shutdown() async {
        let clients = state.withLock { state in state.retired.map(\.client) + [state.current?.client].compactMap { $0 }
        }
        for client in clients {
            do {
                try await client.shutdown().get()
            } catch {
                logger.debug("closing connections failed", metadata: ["error": "\(error)"])
            }
        }
    }

    private func close(_ client: HTTPClient) {
        client.shutdown().whenFailure { [logger] error in
            logger.debug("closing connections failed", metadata: ["error": "\(error)"])
        }
    }

    /// HTTP/1.1, because each watch then has a connection of its own that no other request can hold up.
    private static func settings(
        _ configuration: ClusterConfiguration, _ tls: TLSConfiguration?
    ) -> HTTPClient.Configuration {
        var settings = HTTPClient.Configuration()
        settings.httpVersion = .http1Only
        settings.redirectConfiguration = .disallow
        settings.timeout.connect = .seconds(5)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        settings.connectionPool.retryConnectionEstablishment = false
        settings.dnsOverride = configuration.nameOverrides
        settings.tlsConfiguration = tls
        if case .url = configuration.server { settings.http1_1ConnectionDebugInitializer = keepAlive }
        return settings
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
