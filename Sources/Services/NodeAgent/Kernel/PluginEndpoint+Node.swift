import DatapathCompiler
import Foundation
package import Logging
import RoutingDriver

extension PluginEndpoint {
    /// The endpoint of a node in the agent's own network namespace.
    ///
    /// The attachments of an earlier agent have been handed
    /// to the datapath when this returns.
    package static func adoptingSurvivors(
        datapath: any DatapathPort, stateDirectory: String, socket: String, registry: any PodRegistry, logger: Logger
    ) async throws -> PluginEndpoint {
        let attachments = try AttachmentService(
            datapath: datapath,
            wiring: KernelPodWiring(routing: try Rtnetlink()),
            file: LedgerFile(stateDirectory: stateDirectory), registry: registry, logger: logger,
            now: { Int64(Date.now.timeIntervalSince1970) })
        try await attachments.adoptSurvivors()
        var upkeep: (@Sendable () async -> Void)?
        if registry is ContainerPods { upkeep = { await attachments.releaseVanished() } }
        return PluginEndpoint(
            path: socket, answer: PluginAnswer(service: attachments), upkeep: upkeep, logger: logger)
    }
}
