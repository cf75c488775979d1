import ClusterDNS
import Logging
import ServiceLifecycle

/// What `--metrics-listen` shows, beside the service that it is about.
struct MetricsService: ServiceLifecycle.Service {
    private let listener: MetricsListener
    private let place: DNSPlace

    /// Nil when nobody wants to see it.
    ///
    /// - Parameters:
    ///   - text: where to listen, as the command line has it.
    ///   - metrics: in the Prometheus text format, now.
    init?(
        at text: String?, logger: Logger, isReady: @escaping @Sendable () -> Bool,
        metrics: @escaping @Sendable () -> String
    ) {
        guard let place = text.flatMap({ DNSPlace($0) }) else { return nil }
        self.place = place
        listener = MetricsListener(isReady: isReady, logger: logger, metrics: metrics)
    }

    func run() async throws { try await listener.run(at: place) }
}
