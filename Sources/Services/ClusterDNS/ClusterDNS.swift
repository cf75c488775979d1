package import ClusterAPI
package import KubernetesClient
package import Logging
package import NetworkTypes
import ServiceLifecycle

/// The names of a cluster's services, and other people's names by way of upstreams, for pods and nodes.
///
/// Its own process: neither the agent's nor the API's end is the end of names.
package struct ClusterDNS: ServiceLifecycle.Service {
    /// Where pods find it, as in a Kubernetes.
    package static let service = ObjectKey(namespace: "kube-system", name: "kube-dns")

    /// A socket that listens.
    package struct Listener: Hashable, Sendable {
        package let place: DNSPlace
        package let isStream: Bool
    }

    private let configuration: ClusterDNSConfiguration
    private let client: KubernetesClient
    private let isEmbedded: @Sendable () async -> Bool?
    private let store: ZoneStore
    private let counters = DNSCounters()
    private let logger: Logger
    private let onListening: @Sendable (Listener) -> Void

    /// - Parameters:
    ///   - isEmbedded: whether the API is our embedded server and no Kubernetes; nil when nobody wants to know any more.
    ///   - onListening: told of each socket.
    /// - Throws: `ClusterDNSError.badZone` for a zone that has no room for names.
    package init(
        zone: DomainName, _ configuration: ClusterDNSConfiguration, client: KubernetesClient, logger: Logger,
        isEmbedded: @escaping @Sendable () async -> Bool?,
        onListening: @escaping @Sendable (Listener) -> Void = { _ in }
    ) throws {
        guard let store = ZoneStore(origin: zone) else { throw ClusterDNSError.badZone(zone) }
        self.store = store
        self.configuration = configuration
        self.client = client
        self.logger = logger
        self.isEmbedded = isEmbedded
        self.onListening = onListening
    }

    /// Until graceful shutdown; throws `ClusterDNSError` when it cannot listen, or must not.
    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingDiscardingTaskGroup { group in
                    group.addTask { await ZoneFeed(client: client, store: store, logger: logger).run() }
                    group.addTask { try await stayOffKubernetes() }
                    group.addTask { try await serve() }
                    if let place = configuration.metrics {
                        group.addTask {
                            try await metrics.run(at: place)
                        }
                    }
                }
            }
        } catch is CancellationError {
            // The end that was asked for.
        }
    }

    private var metrics: MetricsListener {
        let (store, counters) = (store, counters)
        return MetricsListener(isReady: { store.isComplete }, logger: logger) {
            counters.text(isComplete: store.isComplete, serial: store.serial)
        }
    }

    private func stayOffKubernetes() async throws {
        guard !configuration.servesBesideKubernetes, await isEmbedded() == false else { return }
        throw ClusterDNSError.besideKubernetes
    }

    /// Listens when the zone has been read, or when that takes too long: other names can be told without the API.
    private func serve() async throws {
        let end = ContinuousClock.now + configuration.limits.startPatience
        while !store.isComplete, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
        if !store.isComplete {
            logger.warning("the API does not answer: names of the cluster are not told yet, and not denied")
        }
        let responder = QueryResponder(
            zone: ZoneAnswers(store: store, timeToLive: configuration.timeToLive),
            forwarder: Forwarder(configuration, counters: counters, logger: logger), clients: configuration.clients,
            counters: counters)
        let connections = OpenConnections(configuration.limits)
        try await withThrowingDiscardingTaskGroup { group in
            for place in configuration.listeners {
                group.addTask { try await listen(place, isStream: false, responder, connections) }
                group.addTask { try await listen(place, isStream: true, responder, connections) }
            }
        }
    }

    private func listen(
        _ place: DNSPlace, isStream: Bool, _ responder: QueryResponder, _ connections: OpenConnections
    ) async throws {
        let tell = { (bound: DNSPlace) in
            logger.info("names are told", metadata: ["place": "\(bound)", "by": isStream ? "TCP" : "UDP"])
            onListening(Listener(place: bound, isStream: isStream))
        }
        do {
            if isStream {
                let listener = StreamListener(
                    responder: responder, connections: connections,
                    patience: configuration.limits.connectionPatience, logger: logger)
                try await listener.run(at: place, onBound: tell)
            } else {
                try await DatagramListener(responder: responder, logger: logger).run(at: place, onBound: tell)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ClusterDNSError.cannotListen(place, isStream: isStream, reason: "\(error)")
        }
    }
}

/// Why names are not told.
package enum ClusterDNSError: Error, Hashable, Sendable, CustomStringConvertible {
    case badZone(DomainName)
    case besideKubernetes
    case cannotListen(DNSPlace, isStream: Bool, reason: String)

    package var description: String {
        switch self {
        case .badZone(let zone): "the zone \(zone) is too long to have names in it"
        case .besideKubernetes: "the API server is a Kubernetes, which has a cluster DNS of its own"
        case .cannotListen(let place, let isStream, let reason):
            "cannot listen at \(place) (\(isStream ? "TCP" : "UDP")): \(reason)"
        }
    }

    /// What a person does about it.
    package var remedy: String {
        switch self {
        case .badZone: "Choose a shorter one with --zone; cluster.local is usual."
        case .besideKubernetes: "Leave it to that one; or give --beside-kubernetes to run both."
        case .cannotListen: "Is another server there already, or is the address not this machine's? See --listen."
        }
    }
}
