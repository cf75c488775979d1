import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that answers from a script, as badly as the script says.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        case status(Int, headers: [String: String] = [:])
        /// One chunk of the body, flushed.
        case chunk(String)
        case pause(milliseconds: Int64)
        case end
        /// Closes the connection without ending the answer.
        case abort
    }

    struct Received: Sendable {
        let method: String
        let path: String
        let query: [String: String]
        let headers: HTTPHeaders
        let body: String

        /// `GET /path`, with WATCH for watches.
        var key: String { "\(query["watch"] == "true" ? "WATCH" : method) \(path)" }
    }

    private struct State {
        var script: [String: [[Step]]]
        var received: [Received] = []
    }

    private let state: Mutex<State>
    private let listener: Mutex<(any Channel)?> = Mutex(nil)

    /// Each key has the answers to its first, second … request; then 404.
    init(_ script: [String: [[Step]]] = [:]) {
        state = Mutex(State(script: script))
    }

    var received: [Received] { state.withLock { $0.received } }

    func received(_ key: String) -> [Received] { received.filter { $0.key == key } }

    func then(_ key: String, _ answer: [Step]) {
        state.withLock { $0.script[key, default: []].append(answer) }
    }

    /// Listens on loopback and runs `body` with the server's address.
    func serve<Result>(port: Int = 0, _ body: (String) async throws -> Result) async throws -> Result {
        let channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
        let actual = channel.localAddress?.port ?? 0
        return try await run(channel) { try await body("http://127.0.0.1:\(actual)") }
    }

    func serve<Result>(socket: String, _ body: (String) async throws -> Result) async throws -> Result {
        let channel = try await bootstrap.bind(unixDomainSocketPath: socket, cleanupExistingSocketFile: true).get()
        return try await run(channel) { try await body("unix://\(socket)") }
    }

    private func run<Result>(_ channel: any Channel, _ body: () async throws -> Result) async throws -> Result {
        do {
            let result = try await body()
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private var bootstrap: ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(server: self))
                }
            }
    }

    fileprivate func answer(to request: Received) -> [Step] {
        state.withLock { state in
            state.received.append(request)
            guard let next = state.script[request.key]?.first else { return Self.failure(404, "NotFound") }
            state.script[request.key]?.removeFirst()
            return next
        }
    }

    static func json(_ text: String, code: Int = 200) -> [Step] { [.status(code), .chunk(text), .end] }

    static func failure(_ code: Int, _ reason: String, headers: [String: String] = [:]) -> [Step] {
        [
            .status(code, headers: headers),
            .chunk(
                #"{"kind":"Status","status":"Failure","reason":"\#(reason)","message":"no \#(reason)","code":\#(code)}"#
            ),
            .end,
        ]
    }
}

private final class Responder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: ScriptedServer
    private var head: HTTPRequestHead?
    private var body = ""

    init(server: ScriptedServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ""
        case .body(let bytes): body += String(buffer: bytes)
        case .end:
            guard let head else { return }
            let steps = server.answer(to: Self.received(head, body))
            play(steps[...], NIOLoopBound(context, eventLoop: context.eventLoop))
        }
    }

    private func play(_ steps: ArraySlice<ScriptedServer.Step>, _ bound: NIOLoopBound<ChannelHandlerContext>) {
        guard let step = steps.first else { return }
        let context = bound.value
        let rest = steps.dropFirst()
        switch step {
        case .status(let code, let headers):
            let fields = HTTPHeaders(headers.map { ($0.key, $0.value) } + [("Transfer-Encoding", "chunked")])
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: code), headers: fields)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        case .chunk(let text):
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        case .end: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .abort: context.close(promise: nil)
        case .pause(let milliseconds):
            let loopBoundSelf = NIOLoopBound(self, eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { loopBoundSelf.value.play(rest, bound) }
            return
        }
        play(rest, bound)
    }

    private static func received(_ head: HTTPRequestHead, _ body: String) -> ScriptedServer.Received {
        let parts = head.uri.split(separator: "?", maxSplits: 1).map(String.init)
        let pairs = (parts.count > 1 ? parts[1] : "").split(separator: "&").map {
            $0.split(separator: "=", maxSplits: 1)
        }
        let query = pairs.map { (String($0[0]), $0.count > 1 ? decoded(String($0[1])) : "") }
        return ScriptedServer.Received(
            method: head.method.rawValue, path: parts[0], query: Dictionary(query) { $1 }, headers: head.headers,
            body: body)
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
