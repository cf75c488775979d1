package import ArgumentParser
import ClusterDNS
import EgressAgent
import Foundation
import KubernetesClient
import LinuxSystem
import Logging
import ManifestFiles
import ServiceLifecycle
import UnixSignals

/// `gabion egress`: the egress addresses of one node.
package struct EgressCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "egress",
        abstract: "Hold this node's egress addresses, and be a witness of other nodes'.",
        usage: "gabion egress [--node <name>] [--kubeconfig <file>] [<options>]",
        discussion: """
            Puts the addresses that the node's EgressNode assigns on its interfaces,
            while other nodes hear it, and closes them in the kernel otherwise: an
            address is never at two nodes, also while this process is frozen or dead.
            Runs on every node, apart from the agent. Needs root; nodes speak UDP on
            port 7471 to each other.

              gabion egress --node node-1 --kubeconfig node-1.kubeconfig

            To take everything of it off a node, when it has been stopped for good:
              gabion egress --cleanup
            """)

    @OptionGroup var options: NodeServiceOptions

    @Option(
        name: .customLong("run-dir"),
        help: ArgumentHelp("Where it is written which addresses are ours.", valueName: "dir"), completion: .directory)
    var runDirectory = "/run/gabion-egress"

    @Option(
        name: .customLong("metrics-listen"),
        help: ArgumentHelp(
            "Show Prometheus metrics, and /ready, to everybody at this address, as 127.0.0.1:9155.",
            valueName: "host:port"))
    var metricsListen: String?

    @Flag(help: "Remove addresses, rules and files that a stopped gabion egress left, and end.")
    var cleanup = false

    package init() {}

    package mutating func validate() throws {
        if let metricsListen, DNSPlace(metricsListen) == nil {
            throw ValidationError("--metrics-listen: \"\(metricsListen)\" is no address; try 127.0.0.1:9155")
        }
    }

    package func run() async throws {
        try RootCheck.requireOwnNetwork(for: "gabion egress")
        let logger = options.service.logLevel.logger("gabion.egress")
        if cleanup { return try await EgressCleanup.run(runDirectory: runDirectory, logger: logger) }
        do {
            try FileManager.default.createDirectory(
                atPath: runDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                "the directory \(runDirectory) cannot be made: \(FileFault.reason(error))",
                remedy: "Name another with --run-dir.")
        }
        try await SoleProcess.run("egress", directory: runDirectory) { try await serve(logger) }
    }

    private func serve(_ logger: Logger) async throws {
        let cluster = try options.service.configuration()
        try await KubernetesClient.withClient(cluster, logger: logger) { client in
            let agent = try EgressAgent(
                node: options.nodeName, client: client, runDirectory: runDirectory, logger: logger)
            var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: agent)]
            let metrics = MetricsService(
                at: metricsListen, logger: logger, isReady: { agent.figures.isReady },
                metrics: { agent.figures.metrics })
            if let metrics { services.append(.init(service: metrics)) }
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
            logger.info("ended, as a signal asked; other nodes take the addresses")
        }
    }
}
