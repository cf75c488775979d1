package import FlowModel
import Foundation
package import Logging
import ServiceLifecycle

/// The flow log of one node: collects, stores, answers.
package struct FlowLogService: Service {
    private let collector: FlowCollector
    private let servers: [FlowServer]
    private let hub: FlowHub
    private let logger: Logger

    /// - Parameters:
    ///   - stateDirectory: where the store is (`flows.sqlite`).
    ///   - runDirectory: where the socket is (`flows.sock`).
    ///   - metrics: an address that shows metrics too; nil for none.
    ///   - network: an authenticated address that answers too; nil for none.
    ///   - renewal: that address's credentials as they are by now; nil when they stay.
    package init(
        node: String, judge: any FlowJudge, kernel: any FlowKernel, stateDirectory: String, runDirectory: String,
        metrics: FlowServer.Place?, network: FlowServer.Place? = nil,
        renewal: (@Sendable () throws -> FlowCredentials)? = nil, bounds: FlowStore.Bounds = FlowStore.Bounds(),
        logger: Logger
    ) throws {
        let store = try FlowStore(path: stateDirectory + "/flows.sqlite", bounds: bounds)
        hub = FlowHub(node: node)
        self.logger = logger
        collector = try FlowCollector(
            node: node, kernel: kernel, judge: judge, store: store, hub: hub, logger: logger,
            now: { Int64(Date.now.timeIntervalSince1970 * 1_000_000) })
        let socket = FlowServer.Place.unixSocket(Self.socket(in: runDirectory))
        servers = ([socket] + [metrics, network].compactMap(\.self)).map { [hub, collector] place in
            FlowServer(
                at: place, node: node, store: store, hub: hub, logger: logger, renewal: renewal,
                refresh: { await collector.settle(includingChanges: true) })
        }
    }

    package static func socket(in runDirectory: String) -> String { runDirectory + "/flows.sock" }

    /// Until graceful shutdown; an address that cannot be had ends neither the log nor the agent.
    package func run() async throws {
        await withDiscardingTaskGroup { group in
            for server in servers { group.addTask { await run(server) } }
            group.addTask {
                await cancelWhenGracefulShutdown { await collector.run() }
                hub.close()
            }
        }
    }

    private func run(_ server: FlowServer) async {
        do {
            try await server.run()
        } catch is CancellationError {
            return
        } catch {
            logger.error("flows are not shown", metadata: ["place": "\(server.place)", "error": "\(error)"])
        }
    }
}
