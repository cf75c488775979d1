import DNSFormats
import NIOCore
import NIOExtras
import NIOPosix

/// One question to one server, on a socket of its own: who wants to answer in its place must guess port and number.
struct UpstreamExchange {
    let place: DNSPlace
    /// With the number that the answer must have.
    let query: DNSMessage
    let counters: DNSCounters

    enum Failure: Error {
        case closed, late
    }

    private typealias Datagrams = NIOAsyncChannel<AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>>
    private typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// The bytes of the answer.
    func datagram(within patience: Duration) async throws -> [UInt8] {
        let target = try place.socketAddress
        return try await Self.within(patience) {
            // Connected, so that the kernel takes nothing from anybody else, and tells when nobody is there.
            let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(to: target) { channel in
                    channel.eventLoop.makeCompletedFuture { try Datagrams(wrappingChannelSynchronously: channel) }
                }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(
                    AddressedEnvelope(remoteAddress: target, data: ByteBuffer(bytes: query.encoded())))
                for try await envelope in inbound {
                    let bytes = Array(envelope.data.readableBytesView)
                    if isAnswer(bytes) { return bytes }
                    counters.count(.foreignAnswers)
                }
                throw Failure.closed
            }
        }
    }

    /// The same by TCP, where there is room for long answers.
    func stream(within patience: Duration) async throws -> [UInt8] {
        let target = try place.socketAddress
        return try await Self.within(patience) {
            // Cancellation does not end an attempt to connect.
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(patience))
                .connect(to: target) { channel in
                    channel.eventLoop.makeCompletedFuture { try Stream(wrapping: channel) }
                }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(bytes: query.encoded()))
                for try await frame in inbound {
                    let bytes = Array(frame.readableBytesView)
                    if isAnswer(bytes) { return bytes }
                    counters.count(.foreignAnswers)
                }
                throw Failure.closed
            }
        }
    }

    /// An answer has the question's number and the question.
    private func isAnswer(_ bytes: [UInt8]) -> Bool {
        guard let head = try? DNSMessage(decodingQuestionOf: bytes), head.header.isResponse,
            head.header.id == query.header.id
        else { return false }
        if head.questions == query.questions { return true }
        // Some leave the question out when they do not understand it.
        return head.questions.isEmpty && head.code != .noError
    }

    private static func within(
        _ patience: Duration, _ body: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: patience)
                throw Failure.late
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() else { throw Failure.closed }
            return bytes
        }
    }
}

extension NIOAsyncChannel where Inbound == ByteBuffer, Outbound == ByteBuffer {
    /// Messages on a stream, each after its length (RFC 1035, 4.2.2).
    init(wrapping channel: any Channel, patience: TimeAmount? = nil) throws {
        let pipeline = channel.pipeline.syncOperations
        if let patience {
            try pipeline.addHandler(IdleStateHandler(allTimeout: patience))
            try pipeline.addHandler(IdleEnd())
        }
        try pipeline.addHandler(
            ByteToMessageHandler(LengthFieldBasedFrameDecoder(lengthFieldBitLength: .twoBytes)))
        try pipeline.addHandler(LengthFieldPrepender(lengthFieldBitLength: .twoBytes))
        try self.init(wrappingChannelSynchronously: channel)
    }
}

/// Ends a connection on which nothing happens.
private final class IdleEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
