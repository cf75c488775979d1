import EmbeddedAPI
import FlowModel
import Foundation
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// Answers questions about flows (`GET /v1/flows?q=QUERY`, a line of JSON per answer) and shows metrics (`GET /metrics`).
///
/// On a unix socket, which only root may connect to, it answers both; by TLS, those whose certificate says that they may
/// read flows. On a plain address of the network it shows metrics alone: flows name everybody, and there nobody has said
/// who asks.
package struct FlowServer: Service {
    package enum Place: Hashable, Sendable {
        case unixSocket(String)
        case address(host: String, port: Int)
        case authenticated(host: String, port: Int, FlowCredentials)
    }

    /// At once, by TLS: people, not programs, ask.
    private static let connectionLimit = 64
    /// A question has many times less; the decoder takes no head beyond 80 KiB.
    private static let questionLimit = 32 * 1024
    /// Who sends nothing, or takes nothing, for so long is let go.
    private static let patience = TimeAmount.seconds(30)

    let place: Place
    private let node: String
    private let store: FlowStore
    private let hub: FlowHub
    private let logger: Logger
    private let renewal: (@Sendable () throws -> FlowCredentials)?
    private let refresh: @Sendable () async -> Void
    private let onBound: @Sendable (Int?) -> Void

    /// - Parameters:
    ///   - renewal: the credentials of an authenticated place as they are by now; nil when they stay.
    ///   - refresh: brings the store up to date before a question is answered.
    ///   - onBound: told the port, if there is one, when it listens.
    package init(
        at place: Place, node: String, store: FlowStore, hub: FlowHub, logger: Logger,
        renewal: (@Sendable () throws -> FlowCredentials)? = nil,
        refresh: @escaping @Sendable () async -> Void = {},
        onBound: @escaping @Sendable (Int?) -> Void = { _ in }
    ) {
        self.place = place
        self.node = node
        self.store = store
        self.hub = hub
        self.logger = logger
        self.renewal = renewal
        self.refresh = refresh
        self.onBound = onBound
    }

    package func run() async throws {
        let address: BindAddress
        switch place {
        case .unixSocket(let path):
            try? FileManager.default.removeItem(atPath: path)
            address = .unixDomainSocket(path: path)
        case .address(let host, let port), .authenticated(let host, let port, _):
            address = .hostname(host, port: port)
        }
        let server = try protocols().buildServer(
            configuration: ServerConfiguration(
                address: address,
                availableConnectionsDelegate: isAuthenticated ? MaximumAvailableConnections(Self.connectionLimit) : nil),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
            responder: { request, writer, channel in try await respond(to: request, writer, on: channel) },
            onServerRunning: { channel in
                if case .unixSocket(let path) = place {
                    try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
                }
                onBound(channel.localAddress?.port)
            })
        try await server.run()
    }

    private func protocols() throws -> HTTPServerBuilder {
        guard case .authenticated(_, _, let credentials) = place else { return .http1() }
        let http = HTTP1Channel.Configuration(idleTimeout: Self.patience)
        let tls = try RenewableTLS(credentials, logger: logger, renewal: renewal ?? { credentials })
        return HTTPServerBuilder { responder in
            RenewableTLSChannel(base: HTTP1Channel(responder: responder, configuration: http), tls: tls)
        }
    }

    @concurrent private func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        let path = request.uri.path
        if isAuthenticated, let refusal = await refusal(channel) {
            try await Self.write(refusal + "\n", .forbidden, "text/plain", writer)
            return
        }
        guard (request.uri.query?.utf8.count ?? 0) <= Self.questionLimit else {
            try await Self.write("the question is too long: ask for less at once\n", .uriTooLong, "text/plain", writer)
            return
        }
        switch (request.method, path) {
        case (.get, "/metrics"): try await Self.write(hub.metrics, .ok, "text/plain; version=0.0.4", writer)
        case (.get, "/v1/flows") where showsFlows:
            let query: FlowQuery
            do {
                let text = request.uri.queryParameters["q"].map(String.init) ?? ""
                query = try JSONDecoder().decode(FlowQuery.self, from: Data(text.utf8))
            } catch {
                try await Self.write("not a question about flows: \(error)\n", .badRequest, "text/plain", writer)
                return
            }
            let head = HTTPResponse(status: .ok, headerFields: [.contentType: "application/x-ndjson"])
            try await writer.write(response: head, body: answer(query, request))
        default: try await Self.write("there is nothing at \(path)\n", .notFound, "text/plain", writer)
        }
    }

    private var isAuthenticated: Bool { if case .authenticated = place { true } else { false } }

    private var showsFlows: Bool { if case .address = place { false } else { true } }

    /// Why who asks gets nothing; nil for those who may read flows.
    private func refusal(_ channel: any Channel) async -> String? {
        let milliseconds = Int(Self.patience.nanoseconds / 1_000_000)
        // Who reads no more holds his connection no longer than this.
        try? await channel.setOption(.tcpOption(.userTimeout), value: milliseconds).get()
        guard let certificate = try? await channel.nioSSL_peerCertificate().get(),
            let identity = ClientCertificate.identity(certificate)
        else { return "flows are shown to certificates for clients that name a user, and this is none" }
        guard identity.mayReadFlows else {
            logger.notice("flows are refused", metadata: ["user": "\(identity.user)"])
            return "\(identity.user) may not read flows: they are for the groups \(Identity.mastersGroup) and "
                + Identity.readersGroup
        }
        logger.info("flows are asked for", metadata: ["user": "\(identity.user)"])
        return nil
    }

    @concurrent private static func write(
        _ text: String, _ status: HTTPResponse.Status, _ type: String, _ writer: consuming ResponseWriter
    ) async throws {
        let body = ByteBuffer(string: text)
        let head = HTTPResponse(
            status: status, headerFields: [.contentType: type, .contentLength: "\(body.readableBytes)"])
        try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
    }

    /// The past, a summary, and what happens from then on if it is asked for.
    private func answer(_ query: FlowQuery, _ request: Request) -> ResponseBody {
        ResponseBody { writer in
            // Before the past is read: nothing falls between; what is in both is sent once.
            let live = query.follow ? hub.follow(query.filter) : nil
            await refresh()
            let (past, isComplete) = try store.records(query.filter, limit: query.limit)
            for record in past { try await writer.write(Self.line(.flow(record))) }
            let summary = FlowSummary(node: node, isComplete: isComplete, losses: hub.losses)
            try await writer.write(Self.line(.summary(summary)))
            if let live {
                let sent = Dictionary(past.map { ($0.id, $0) }) { $1 }
                do {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        for await record in live where !Self.isKnown(record, sent[record.id]) {
                            try await writer.write(Self.line(.flow(record)))
                        }
                    }
                } catch is CancellationError {
                    // The client left: nobody reads the end.
                    return
                }
            }
            try await writer.finish(nil)
        }
    }

    /// Whether an earlier answer said all that is worth a line of its own.
    private static func isKnown(_ record: FlowRecord, _ earlier: FlowRecord?) -> Bool {
        earlier.map { $0.end == record.end && $0.staged == record.staged } ?? false
    }

    private static func line(_ answer: FlowAnswer) throws -> ByteBuffer {
        ByteBuffer(bytes: try JSONEncoder().encode(answer) + [UInt8(ascii: "\n")])
    }
}
