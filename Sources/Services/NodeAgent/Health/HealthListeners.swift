import ClusterAPI
import LinuxSystem
import NIOCore
import NIOHTTP1
import NIOPosix
import NetworkTypes
import ServiceModel

/// The ports at which load balancers ask, one listener each.
struct HealthListeners {
    private let namespace: NamespaceReference
    private let board = HealthBoard()
    private var channels: [UInt16: any Channel] = [:]
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
        for (port, channel) in channels where answers[port] == nil {
            try? await channel.close()
            channels[port] = nil
        }
        for (port, answer) in answers.sorted(by: { $0.key < $1.key }) where channels[port]?.isActive != true {
            do {
                channels[port] = try await listen(port)
            } catch {
                complain(of: answer.service, port, "\(error)")
            }
        }
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

    private func listen(_ port: UInt16) async throws -> any Channel {
        let descriptor = try await withNetworkNamespace(namespace) { try Self.bound(port) }
        let board = board
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

    /// A socket for both families, or for IPv4 where the kernel has no other; the caller closes it.
    private static func bound(_ port: UInt16) throws -> Int32 {
        let socket: Socket
        let family: IPAddress.Family
        if let both = try? Socket(.tcp, .v6) {
            (socket, family) = (both, .v6)
        } else {
            (socket, family) = (try Socket(.tcp, .v4), .v4)
        }
        try socket.enable(.reuseAddress)
        try socket.bind(to: SocketAddress(IPAddress(family: family, bits: 0), port: port))
        return try socket.owned.duplicate().relinquish()
    }
}
