import APIMachinery
import ClusterAPI
import Foundation
import Hummingbird
package import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle

/// The Kubernetes API on one machine: one store, its collector, and a listener per address.
package struct EmbeddedAPIServer: Sendable {
    let configuration: EmbeddedAPIConfiguration
    let logger: Logger
    let store: ObjectStore
    let registry: ResourceRegistry
    let authority: CertificateAuthority
    let tokens: TokenFile
    let audit: AuditLog?
    package let counters = ServerCounters()
    private let stops: AsyncStream<Void>
    private let stop: AsyncStream<Void>.Continuation

    /// Where the running server is reached.
    package struct Endpoints: Sendable {
        /// The TLS listeners, with the ports they got.
        package var listen: [ListenAddress]
        package var socketPath: String?
        package var kubeconfigPath: String
        /// Of the first TLS listener.
        package var url: String?

        package init(
            listen: [ListenAddress] = [], socketPath: String? = nil, kubeconfigPath: String, url: String? = nil
        ) {
            self.listen = listen
            self.socketPath = socketPath
            self.kubeconfigPath = kubeconfigPath
            self.url = url
        }
    }

    /// Opens or makes the data directory.
    ///
    /// Throws when another server has it, or when what it holds is not ours.
    package init(configuration: EmbeddedAPIConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        let directory = configuration.dataDirectory
        try ProtectedFile.makeDirectory(directory)
        store = try ObjectStore(path: directory + "/gabion.sqlite", historyLength: configuration.historyLength)
        // After the store, which refuses a second server: two must not rotate one log.
        audit = try configuration.audit.map { [counters] in try AuditLog($0, counters: counters, logger: logger) }
        registry = ResourceRegistry()
        try registry.load(store.list(ResourceRegistry.definitions, namespace: nil).objects)
        authority = try CertificateAuthority.loadOrMake(dataDirectory: directory)
        tokens = try TokenFile(dataDirectory: directory, logger: logger)
        (stops, stop) = AsyncStream<Void>.makeStream()
    }

    /// Serves until graceful shutdown (of the enclosing service group, or `shutDown`), which ends watches, lets
    /// requests finish and closes the store.
    ///
    /// `onReady` is called once, when every listener accepts connections.
    package func run(onReady: @escaping @Sendable (Endpoints) -> Void = { _ in }) async throws {
        let (hints, hint) = AsyncStream<CollectorHint>.makeStream()
        let collector = GarbageCollector(store: store, registry: registry, clock: Self.clock, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await store.run { events in
                    registry.follow(events)
                    for event in events {
                        for found in CollectorHint.hints(for: event, in: store) { hint.yield(found) }
                    }
                }
            }
            group.addTask { await collector.run(hints) }
            var failure: (any Error)?
            do { try await serve(onReady) } catch { failure = error }
            hint.finish()
            store.stopWriting()
            try await group.waitForAll()
            try store.close()
            if let failure { throw failure }
        }
    }

    /// Begins the graceful shutdown.
    package func shutDown() { stop.finish() }

    private static let clock: @Sendable () -> APITime = {
        APITime(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    private func serve(_ onReady: @escaping @Sendable (Endpoints) -> Void) async throws {
        try await DefaultNamespaces(store: store, clock: Self.clock).make()
        let binding = ListenerBinding(
            configuration: configuration, authority: authority, logger: logger, onReady: onReady)
        let services = try listeners(binding)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) } + [
                    .init(service: WatchTicker(bells: store.bells)),
                    .init(service: EventExpiry(store: store, clock: Self.clock, logger: logger)),
                ],
                logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                for await _ in stops {}
                await group.triggerGracefulShutdown()
            }
            _ = try await tasks.next()
            stop.finish()
            try await tasks.waitForAll()
        }
        binding.removeSocket()
    }

    private func listeners(_ binding: ListenerBinding) throws -> [HTTPService] {
        let verbs = ResourceVerbs(
            store: store, registry: registry, counters: counters, services: configuration.services, logger: logger)
        let responder = APIResponder(
            verbs: verbs, discovery: DiscoveryResponses(registry: registry),
            authenticator: Authenticator(tokens: tokens),
            authorizer: Authorizer { [store] namespace, name in
                store.object(StoreKey(resource: "pods", namespace: namespace, name: name))?.fields["spec.nodeName"]
                    .flatMap { $0.isEmpty ? nil : $0 }
            },
            clock: Self.clock, logger: logger, audit: audit)
        let tls = try serverTLS()
        var services = configuration.listen.enumerated().map { index, listener in
            HTTPService(
                address: .hostname(listener.host, port: Int(listener.port)), place: "\(listener)", tls: tls,
                responder: responder,
                onBound: { await binding.bound(index, $0) }, logger: logger)
        }
        if let path = configuration.socketPath {
            try ProtectedFile.makeDirectory(URL(filePath: path).deletingLastPathComponent().path)
            services.append(
                HTTPService(
                    address: .unixDomainSocket(path: path), place: path, tls: nil, responder: responder,
                    onBound: { _ in await binding.boundSocket() }, logger: logger))
        }
        return services
    }

    /// Our certificate; clients may show one of our authority's, and are refused with another's.
    private func serverTLS() throws -> TLSConfiguration {
        let subjects = try ListenAddress.subjects(of: configuration.listen)
        let credential = try ServingCertificate.loadOrIssue(
            by: authority, dataDirectory: configuration.dataDirectory, names: subjects.names,
            addresses: subjects.addresses)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(credential.certificate.utf8)).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(credential.key.utf8), format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        tls.certificateVerification = .optionalVerification
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(try authority.certificatePEM.utf8)))
        tls.applicationProtocols = ["http/1.1"]
        return tls
    }
}
