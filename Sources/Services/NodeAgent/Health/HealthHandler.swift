import NIOCore
import NIOHTTP1

/// Answers one request of a connection, whatever it asks for, and ends it.
final class HealthHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let board: HealthBoard
    private let port: UInt16

    init(_ board: HealthBoard, _ port: UInt16) {
        self.board = board
        self.port = port
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        guard let answer = board.answer(at: port), let body = try? answer.body else {
            context.close(promise: nil)
            return
        }
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "X-Content-Type-Options": "nosniff", "Connection": "close",
            "X-Load-Balancing-Endpoint-Weight": "\(answer.localEndpoints)", "Content-Length": "\(body.count)",
        ]
        let status: HTTPResponseStatus = answer.isReady ? .ok : .serviceUnavailable
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Whoever only holds a connection open loses it.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
