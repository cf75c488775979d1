import Logging
import NIOCore
import NIOPosix
import NetworkTypes
import Synchronization

/// Questions on connections, one after the other.
struct StreamListener {
    let responder: QueryResponder
    let connections: OpenConnections
    let patience: Duration
    let logger: Logger

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Until the task is cancelled.
    ///
    /// - Parameter onBound: told where it listens.
    func run(at place: DNSPlace, onBound: (DNSPlace) -> Void) async throws {
        let patience = TimeAmount(patience)
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        if place.address.family == .v6 { bootstrap = bootstrap.serverChannelOption(.onlyIPv6, value: 1) }
        let server = try await bootstrap.bind(to: place.socketAddress) { channel in
            channel.eventLoop.makeCompletedFuture { try Connection(wrapping: channel, patience: patience) }
        }
        onBound(DNSPlace(place.address, port: UInt16(server.channel.localAddress?.port ?? 0)))
        try await server.executeThenClose { accepted in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in accepted { group.addTask { await serve(connection) } }
            }
        }
    }

    private func serve(_ connection: Connection) async {
        guard let client = connection.channel.remoteAddress?.address, connections.enter(client) else {
            responder.counters.count(.overLimit)
            try? await connection.channel.close()
            return
        }
        defer { connections.leave(client) }
        do {
            try await connection.executeThenClose { inbound, outbound in
                for try await frame in inbound {
                    let bytes = Array(frame.readableBytesView)
                    switch responder.outcome(of: bytes, from: client, over: .stream) {
                    case .reply(let answer): try await outbound.write(ByteBuffer(bytes: answer))
                    case .pending(let query):
                        try await outbound.write(ByteBuffer(bytes: await responder.finish(query)))
                    // Who does not ask has nothing to do here.
                    case .ignored: return
                    }
                }
            }
        } catch {
            logger.debug("a connection broke off", metadata: ["client": "\(client)", "error": "\(error)"])
        }
    }
}

/// How many connections there are, and from whom.
final class OpenConnections: Sendable {
    private let counts = Mutex<[IPAddress: Int]>([:])
    private let limits: ClusterDNSConfiguration.Limits

    init(_ limits: ClusterDNSConfiguration.Limits) { self.limits = limits }

    /// False if there are too many; if not, `leave` follows.
    func enter(_ client: IPAddress) -> Bool {
        counts.withLock { counts in
            guard counts.values.reduce(0, +) < limits.connections,
                counts[client, default: 0] < limits.connectionsPerClient
            else { return false }
            counts[client, default: 0] += 1
            return true
        }
    }

    func leave(_ client: IPAddress) {
        counts.withLock { $0[client] = $0[client].flatMap { $0 > 1 ? $0 - 1 : nil } }
    }
}
