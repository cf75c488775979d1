import EmbeddedAPI
import FlowModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Asks the agent of another machine: by TLS, in which either side shows that the cluster's authority knows it.
struct RemoteFlowClient: Sendable {
    typealias Failure = FlowClient.Failure
    private typealias Exchange = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    let address: ListenAddress
    let node: String
    let credentials: FlowCredentials
    let patience: Duration

    /// What is learnt while the event loop has the connection, and explains its end better than the error that follows.
    private final class Findings: Sendable {
        let problem = Mutex<String?>(nil)
        let isAnswering = Mutex(false)

        /// The first one counts.
        func note(_ text: String) { problem.withLock { $0 = $0 ?? text } }
    }

    /// The longest refusal that is shown.
    private static let wordsLimit = 4096

    /// - Throws: `Failure`, with the reason in words.
    func ask(_ uri: String, follow: Bool, _ receive: (FlowAnswer) async throws -> Void) async throws {
        let start = ContinuousClock.now
        let findings = Findings()
        do {
            let exchange = try await connect(findings)
            let left = max(patience - (ContinuousClock.now - start), .zero)
            let timer = exchange.channel.eventLoop.scheduleTask(in: Self.amount(left)) { [channel = exchange.channel] in
                findings.note(silence)
                channel.close(promise: nil)
            }
            defer { timer.cancel() }
            try await exchange.executeThenClose { inbound, outbound in
                try await outbound.write(.head(request(uri)))
                try await outbound.write(.end(nil))
                try await read(inbound, follow, timer, findings, receive)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            if let problem = findings.problem.withLock({ $0 }) { throw Failure(description: problem) }
            let isAnswering = findings.isAnswering.withLock { $0 }
            throw error as? Failure ?? Failure(description: isAnswering ? breakage(error) : words(error))
        }
    }

    private func request(_ uri: String) -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .GET, uri: uri, headers: ["host": "\(address)", "connection": "close"])
    }

    private func connect(_ findings: Findings) async throws -> Exchange {
        let certificate: NodeCertificate
        let context: NIOSSLContext
        do {
            certificate = try NodeCertificate(of: node, authorities: credentials.authority)
            context = try NIOSSLContext(configuration: try credentials.client())
        } catch {
            throw Failure(description: "the kubeconfig's certificate, key or authority does not parse: \(error)")
        }
        let verify: @Sendable ([NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResult>) -> Void = {
            guard let problem = certificate.problem($0) else { return $1.succeed(.certificateVerified) }
            findings.note("\(address) is not to be trusted: \(problem)")
            $1.succeed(.failed)
        }
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(Self.amount(patience))
            // A follower learns that the other machine has gone.
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.keepAliveIdle), value: 20)
            .channelOption(.tcpOption(.keepAliveInterval), value: 5)
            .channelOption(.tcpOption(.keepAliveCount), value: 4)
            .connect(to: try SocketAddress(ipAddress: address.host, port: Int(address.port))) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil, customVerificationCallback: verify))
                    try pipeline.addHTTPClientHandlers()
                    return try Exchange(wrappingChannelSynchronously: channel)
                }
            }
    }

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>, _ follow: Bool, _ timer: Scheduled<Void>,
        _ findings: Findings, _ receive: (FlowAnswer) async throws -> Void
    ) async throws {
        var status: HTTPResponseStatus?
        var refusal = ByteBuffer()
        var reader = AnswerReader()
        reading: for try await part in inbound {
            switch part {
            case .head(let head):
                status = head.status
                findings.isAnswering.withLock { $0 = true }
            case .body(var bytes) where status != .ok:
                if refusal.readableBytes < Self.wordsLimit { refusal.writeBuffer(&bytes) }
            case .body(let bytes):
                for answer in try reader.read(bytes) { try await receive(answer) }
                if follow, reader.isWhole { timer.cancel() }
            case .end: break reading
            }
        }
        guard let status else { throw Failure(description: "\(address) closed the connection without an answer") }
        guard status == .ok else {
            let words = String(buffer: refusal)
            throw Failure(description: "\(address) refuses (\(status.code)): \(words.printable)")
        }
        guard reader.isWhole else { throw Failure(description: "the answer of \(address) broke off") }
        if follow { throw Failure(description: "the agent at \(address) ended, or this reader was too slow") }
    }

    private var silence: String { "no answer from \(address) within \(patience.components.seconds) s" }

    /// Why an answer that had begun has no end.
    private func breakage(_ error: any Error) -> String {
        if case NIOSSLError.uncleanShutdown = error {
            return "the agent at \(address) ended in the middle of its answer"
        }
        return "the connection to \(address) broke in the middle of the answer: \(error)"
    }

    private func words(_ error: any Error) -> String {
        switch error {
        case ChannelError.connectTimeout: silence
        case let error as IOError where error.errnoCode == Self.refused:
            "nobody listens at \(address): is its agent running, with --flow-listen?"
        // The refusal was on its way while the question was written.
        case ChannelError.ioOnClosedChannel:
            "\(address) closed the connection before it answered, and may refuse our certificate"
        case let error as NIOSSLError: "no TLS with \(address), which may refuse our certificate: \(error)"
        case let error as BoringSSLError: "no TLS with \(address), which may refuse our certificate: \(error)"
        default: "no answer from \(address): \(error)"
        }
    }

    /// ECONNREFUSED.
    private static let refused: Int32 = 111

    private static func amount(_ duration: Duration) -> TimeAmount {
        .milliseconds(Int64(duration / .milliseconds(1)))
    }
}

extension NIOBSDSocket.Option {
    /// `TCP_KEEPIDLE`, `TCP_KEEPINTVL`, `TCP_KEEPCNT` and `TCP_USER_TIMEOUT` of tcp(7).
    static let keepAliveIdle = NIOBSDSocket.Option(rawValue: 4)
    static let keepAliveInterval = NIOBSDSocket.Option(rawValue: 5)
    static let keepAliveCount = NIOBSDSocket.Option(rawValue: 6)
    static let userTimeout = NIOBSDSocket.Option(rawValue: 18)
}

extension String {
    /// Another machine's words move no cursor.
    fileprivate var printable: String {
        String(
            String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
    }
}
