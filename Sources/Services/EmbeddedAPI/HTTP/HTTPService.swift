import APIMachinery
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// One listener: HTTP/1.1 over TLS, or over a unix socket.
struct HTTPService: Service {
    let address: BindAddress
    /// The address as people write it.
    let place: String
    /// Nil for the unix socket.
    let tls: TLSConfiguration?
    let responder: APIResponder
    /// Called with the bound channel, once.
    let onBound: @Sendable (any Channel) async -> Void
    let logger: Logger

    /// As in the real server: what etcd takes by default, times two.
    static let bodyLimit = 3 * 1024 * 1024

    /// Connections without a request are closed after this time; watches are requests.
    private static let idleTimeout = TimeAmount.minutes(3)

    func run() async throws {
        let listener: Authenticator.Listener = tls == nil ? .unixSocket : .tls
        let base = HTTPServerBuilder.http1(configuration: HTTP1Channel.Configuration(idleTimeout: Self.idleTimeout))
        let builder = try tls.map { try HTTPServerBuilder.tls(base, tlsConfiguration: $0) } ?? base
        let responder = responder
        let server = try builder.buildServer(
            configuration: ServerConfiguration(address: address, backlog: 1_024),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
            responder: { request, writer, channel in
                try await Self.serve(request, writer, channel, listener, responder)
            },
            onServerRunning: onBound)
        do {
            try await server.run()
        } catch let error as IOError {
            throw SecurityError.cannotListen(place, error.description)
        }
    }

    @concurrent private static func serve(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel,
        _ listener: Authenticator.Listener, _ responder: APIResponder
    ) async throws {
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var arrival = APIResponder.Arrival(
            head: request.head, body: ByteBuffer(), channel: channel, listener: listener)
        do {
            let hasBody = request.method != .get && request.method != .head
            if hasBody { arrival.body = try await request.body.collect(upTo: bodyLimit) }
        } catch is NIOTooManyBytesError {
            arrival.isTooLarge = true
        }
        let response = await responder.respond(to: arrival)
        var head = HTTPResponse(
            status: HTTPResponse.Status(code: response.status), headerFields: response.headers)
        head.headerFields[.date] = HTTPDate.text(responder.clock())
        switch response.body {
        case .bytes(let bytes):
            var head = head
            head.headerFields[.contentLength] = String(bytes.readableBytes)
            let body = request.method == .head ? ByteBuffer() : bytes
            try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        case .watch(let session):
            try await writer.write(response: head, body: watchBody(session, request))
        }
    }

    /// Streams a watch until it ends or the client closes its side.
    private static func watchBody(_ session: WatchSession, _ request: Request) -> ResponseBody {
        ResponseBody { writer in
            do {
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await session.run { try await writer.write($0) }
                }
            } catch is CancellationError {
                // The client left: nobody reads the end.
                return
            }
            try await writer.finish(nil)
        }
    }
}
