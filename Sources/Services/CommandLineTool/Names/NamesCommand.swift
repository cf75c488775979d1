package import ArgumentParser
import ClusterDNS
import Foundation
import LinuxSystem
import Logging
import ManifestFiles
import NameLearner
import ServiceLifecycle
import UnixSignals

/// `gabion names`: learns the addresses of names from what pods are answered, on one node.
package struct NamesCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "names",
        abstract: "Learn the addresses of names that policies mention, on one node.",
        usage: "gabion names --run-dir <dir> [<options>]",
        discussion: """
            Passes on the answers of the cluster's name servers to the pods whose policies
            mention names, and enters the addresses in the kernel before the pod has them.
            What to learn the agent says, in its run directory; the API is not needed.
            When it ends, names are answered as before, what was learned stays open, and
            nothing new opens until it runs again. Needs root.

              gabion names --run-dir /run/gabion

            To take everything of it off a node, when it has been stopped for good:
              gabion names --cleanup --run-dir /run/gabion
            What was learned: gabion dns names
            """)

    @Option(help: ArgumentHelp("This node's name, for the log; by default the host's name.", valueName: "name"))
    var node: String?

    @Option(
        name: .customLong("run-dir"), help: ArgumentHelp("The agent's run directory.", valueName: "dir"),
        completion: .directory)
    var runDirectory = "/run/gabion"

    @Option(
        name: .customLong("metrics-listen"),
        help: ArgumentHelp(
            "Show Prometheus metrics, and /ready, to everybody at this address, as 127.0.0.1:9154.",
            valueName: "host:port"))
    var metricsListen: String?

    @Option(
        name: .customLong("log-level"), help: ArgumentHelp("How much to say on standard error.", valueName: "level"))
    var logLevel: LogLevel = .info

    @Flag(help: "Remove the table, routes and files that a stopped gabion names left, and end.")
    var cleanup = false

    package init() {}

    package mutating func validate() throws {
        if let metricsListen, DNSPlace(metricsListen) == nil {
            throw ValidationError("--metrics-listen: \"\(metricsListen)\" is no address; try 127.0.0.1:9154")
        }
    }

    package func run() async throws {
        try RootCheck.require(for: "gabion names")
        var logger = logLevel.logger("gabion.names")
        if let node { logger[metadataKey: "node"] = "\(node)" }
        let files = NameFiles(directory: runDirectory)
        if cleanup { return try await NameCleanup.run(files) }
        do {
            try FileManager.default.createDirectory(
                atPath: runDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                "the directory \(runDirectory) cannot be made: \(FileFault.reason(error))",
                remedy: "Name the agent's with --run-dir.")
        }
        let learner = try learner(files, logger)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: learner)]
        let metrics = MetricsService(
            at: metricsListen, logger: logger, isReady: { learner.status.revision != nil },
            metrics: { learner.status.metrics })
        if let metrics { services.append(.init(service: metrics)) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        logger.info("ended, as a signal asked; names are answered, and no new ones learned")
    }

    private func learner(_ files: NameFiles, _ logger: Logger) throws -> NameLearner {
        do {
            return try NameLearner(files, logger: logger)
        } catch {
            throw CommandFailure(
                "names cannot be learned here: \(error)",
                remedy: "Busy means that another gabion names runs on this node; /dev/net/tun must be there.")
        }
    }
}
