import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The TLS of new connections, made anew when the credentials are others; connections that go on keep theirs.
final class RenewableTLS: Sendable {
    private struct State {
        var credentials: FlowCredentials
        var context: NIOSSLContext
        var looked = ContinuousClock.now
        var complaint: String?
    }

    private let state: Mutex<State>
    private let interval: Duration
    private let renewal: @Sendable () throws -> FlowCredentials
    private let logger: Logger

    /// - Parameters:
    ///   - renewal: what the credentials are now; asked when a connection comes, at most once in `interval`.
    /// - Throws: when the first credentials are of no use.
    init(
        _ credentials: FlowCredentials, interval: Duration = .seconds(1), logger: Logger,
        renewal: @escaping @Sendable () throws -> FlowCredentials
    ) throws {
        self.interval = interval
        self.renewal = renewal
        self.logger = logger
        state = Mutex(State(credentials: credentials, context: try Self.context(credentials)))
    }

    /// Those that cannot be read, or do not fit together, as while somebody writes them, change nothing.
    func current() -> NIOSSLContext {
        state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.looked >= interval else { return state.context }
            state.looked = now
            do {
                let credentials = try renewal()
                if credentials != state.credentials {
                    state.context = try Self.context(credentials)
                    state.credentials = credentials
                    logger.notice("flows are shown by other certificates from now on")
                }
                state.complaint = nil
            } catch {
                let complaint = "\(error)"
                if complaint != state.complaint {
                    logger.error(
                        "certificates for flows cannot be read again; those read before stay",
                        metadata: ["error": "\(complaint)"])
                }
                state.complaint = complaint
            }
            return state.context
        }
    }

    private static func context(_ credentials: FlowCredentials) throws -> NIOSSLContext {
        try NIOSSLContext(configuration: credentials.server())
    }
}

/// A protocol inside of TLS that may be another for each connection.
struct RenewableTLSChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let tls: RenewableTLS

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.current()))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
