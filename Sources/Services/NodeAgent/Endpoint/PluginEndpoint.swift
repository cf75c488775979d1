import CNISpec
import Foundation
package import Logging
import NIOCore
import NIOExtras
import NIOPosix
import ServiceLifecycle

/// The agent's unix socket: one request and one response per connection, each a frame of JSON (`CNISpec.Frame`).
package struct PluginEndpoint: Service {
    private let path: String
    private let answer: PluginAnswer
    private let upkeep: (@Sendable () async -> Void)?
    private let logger: Logger

    /// - Parameters:
    ///   - path: the socket; a leftover of an earlier agent is replaced. Only root may connect (mode 0600).
    ///   - upkeep: what is to be done every few seconds, for runtimes that do not say everything.
    package init(
        path: String, answer: PluginAnswer, upkeep: (@Sendable () async -> Void)? = nil, logger: Logger
    ) {
        self.path = path
        self.upkeep = upkeep
        self.answer = answer
        self.logger = logger
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Until graceful shutdown.
    package func run() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        ByteToMessageHandler(LengthFieldBasedFrameDecoder(lengthFieldBitLength: .fourBytes)))
                    try pipeline.addHandler(LengthFieldPrepender(lengthFieldBitLength: .fourBytes))
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        // The directory is the agent's own (0700), so nobody gets in before this.
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        logger.info("CNI requests are answered", metadata: ["socket": "\(path)"])
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingDiscardingTaskGroup { group in
                    group.addTask { try await answer(server) }
                    guard let upkeep else { return }
                    group.addTask {
                        while (try? await Task.sleep(for: .seconds(3))) != nil { await upkeep() }
                    }
                }
            }
        } catch is CancellationError {
            // The end that was asked for.
        }
    }

    private func answer(_ server: NIOAsyncChannel<Connection, Never>) async throws {
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: Connection) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                for try await frame in inbound {
                    let response = await respond(to: frame)
                    try await outbound.write(ByteBuffer(bytes: JSONEncoder().encode(response)))
                    break
                }
            }
        } catch {
            logger.debug("a CNI connection broke off", metadata: ["error": "\(error)"])
        }
    }

    private func respond(to frame: ByteBuffer) async -> PluginResponse {
        let request: PluginRequest
        do {
            request = try JSONDecoder().decode(PluginRequest.self, from: Data(frame.readableBytesView))
        } catch {
            let document = PluginError(.decodingFailure, "not a request of gabion-cni", details: "\(error)")
                .document(version: SpecVersion.newest.rawValue)
            let text = (try? JSONEncoder().encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return PluginResponse(exitCode: 1, output: text)
        }
        let start = ContinuousClock.now
        let response = await answer.respond(to: request)
        // Who asks whether all is well asks every few seconds.
        let isRoutine = request.invocation.command == .status && response.exitCode == 0
        logger.log(
            level: isRoutine ? .debug : .info,
            "CNI \(request.invocation.command.rawValue)",
            metadata: [
                "container": "\(request.invocation.containerID)", "exit": "\(response.exitCode)",
                "took": "\(ContinuousClock.now - start)",
                "error": response.exitCode == 0 ? "" : "\(response.output)",
            ])
        return response
    }
}
