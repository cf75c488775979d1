import Logging
import NIOCore
import NIOPosix
import NetworkTypes

/// Questions in datagrams: what the zone knows is answered on the spot, the rest when it is known.
struct DatagramListener {
    let responder: QueryResponder
    let logger: Logger

    private typealias Pending = NIOAsyncChannel<PendingDatagram, AddressedEnvelope<ByteBuffer>>

    /// How many datagrams are read at once, and the longest question.
    private static let batch = 16
    private static let longestQuestion = 2048

    /// Until the task is cancelled.
    ///
    /// - Parameter onBound: told where it listens.
    func run(at place: DNSPlace, onBound: (DNSPlace) -> Void) async throws {
        let channel = try await bind(place)
        onBound(DNSPlace(place.address, port: UInt16(channel.channel.localAddress?.port ?? 0)))
        try await channel.executeThenClose { pending, outbound in
            try await withThrowingDiscardingTaskGroup { group in
                for try await datagram in pending {
                    group.addTask {
                        let bytes = ByteBuffer(bytes: await responder.finish(datagram.query))
                        // Who has gone needs no answer.
                        try? await outbound.write(AddressedEnvelope(remoteAddress: datagram.client, data: bytes))
                    }
                }
            }
        }
    }

    private func bind(_ place: DNSPlace) async throws -> Pending {
        var bootstrap = DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.datagramVectorReadMessageCount, value: Self.batch)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.batch * Self.longestQuestion))
        if place.address.family == .v6 { bootstrap = bootstrap.channelOption(.onlyIPv6, value: 1) }
        return try await bootstrap.bind(to: place.socketAddress) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(DatagramAnswers(responder, logger))
                return try Pending(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(
                        backPressureStrategy: .init(lowWatermark: 128, highWatermark: 1024),
                        inboundType: PendingDatagram.self, outboundType: AddressedEnvelope<ByteBuffer>.self))
            }
        }
    }
}

extension ChannelOption where Self == ChannelOptions.Types.SocketOption {
    /// Without it, a listener at every IPv6 address takes IPv4's place too.
    static var onlyIPv6: Self { .init(level: .ipv6, name: .ipv6_v6only) }
}

struct PendingDatagram: Sendable {
    let client: SocketAddress
    let query: PendingQuery
}

/// Answers what can be answered without waiting, in the event loop that read it.
private final class DatagramAnswers: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias InboundOut = PendingDatagram
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let responder: QueryResponder
    private let logger: Logger

    init(_ responder: QueryResponder, _ logger: Logger) {
        self.responder = responder
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let client = envelope.remoteAddress.address else { return }
        switch responder.outcome(of: Array(envelope.data.readableBytesView), from: client, over: .datagram) {
        case .reply(let bytes):
            let answer = AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: bytes))
            context.write(wrapOutboundOut(answer), promise: nil)
        case .pending(let query):
            context.fireChannelRead(wrapInboundOut(PendingDatagram(client: envelope.remoteAddress, query: query)))
        case .ignored: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    /// What went wrong with one datagram is no reason to hear no more.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.debug("a datagram went wrong", metadata: ["error": "\(error)"])
    }
}
