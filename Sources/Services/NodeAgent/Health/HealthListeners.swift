import ClusterAPI
import LinuxSystem
import NIOCore
import NIOHTTP1
import NIOPosix
import NetworkTypes
import ServiceModel

/// The ports at which load balancers ask, one listener each, or one at each address where only some are to answer.
struct HealthListeners {
    private struct Place: Hashable {
        let port: UInt16
        /// Nil: everywhere.
        let address: IPAddress?
    }

    private let namespace: NamespaceReference
    private let board = HealthBoard()
    private var channels: [Place: any Channel] = [:]
    /// What is wrong, ascending; each names the service, the port and the reason.
    private(set) var problems: [String] = []

    init(in namespace: NamespaceReference) { self.namespace = namespace }

    /// Listens at exactly these ports; of two services with one port the first by name has it.
    mutating func follow(_ report: HealthReport) async {
        problems = []
        var answers: [UInt16: HealthAnswer] = [:]
        for (service, check) in report.checks.sorted(by: { $0.key < $1.key }) {
            if let other = answers[check.port]?.service {
                complain(of: service, check.port, "it is \(other)'s")
                continue
            }
            answers[check.port] = HealthAnswer(
                service: service, localEndpoints: check.localEndpoints, isProxyHealthy: report.hasCurrentRules)
        }
        board.show(answers)
        let addresses = report.addresses.map { $0.map(Optional.some) } ?? [nil]
        let wanted = Set(answers.keys.flatMap { port in addresses.map { Place(port: port, address: $0) } })
        for (place, channel) in channels where !wanted.contains(place) {
            try? await channel.close()
            channels[place] = nil
        }
        for place in wanted where channels[place]?.isActive != true {
            do {
                channels[place] = try await listen(place)
            } catch {
                if let service = answers[place.port]?.service { complain(of: service, place.port, "\(error)") }
            }
        }
        problems.sort()
    }

    mutating func close() async {
        for channel in channels.values { try? await channel.close() }
        channels = [:]
    }

    private mutating func complain(of service: ObjectKey, _ port: UInt16, _ reason: String) {
        problems.append(
            "Service \(service): load balancers are not answered at healthCheckNodePort \(port), and send nothing here: "
                + reason)
    }

    private func listen(_ place: Place) async throws -> any Channel {
        let descriptor = try await withNetworkNamespace(namespace) { try Self.bound(place) }
        let (board, port) = (board, place.port)
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(HealthHandler(board, port))
                }
            }
            .withBoundSocket(descriptor).get()
    }

    /// The caller closes it.
    private static func bound(_ place: Place) throws -> Int32 {
        let (socket, address) = try socket(at: place.address)
        try socket.enable(.reuseAddress)
        try socket.bind(to: SocketAddress(address, port: place.port))
        return try socket.owned.duplicate().relinquish()
    }

    /// Everywhere: for both families, or for IPv4 where the kernel has no other.
    private static func socket(at address: IPAddress?) throws -> (Socket, IPAddress) {
        if let address { return (try Socket(.tcp, address.family), address) }
        if let both = try? Socket(.tcp, .v6) { return (both, IPAddress(family: .v6, bits: 0)) }
        return (try Socket(.tcp, .v4), IPAddress(v4: 0))
    }
}
