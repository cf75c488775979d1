package import ArgumentParser
import ClusterDNS
import FailoverAgent
import FailoverCompiler
import Foundation
import KubernetesClient
import LinuxSystem
import Logging
import ManifestFiles
import ServiceLifecycle
import UnixSignals

/// `gabion failover`: the addresses that move between nodes, on one node.
package struct FailoverCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Hold this node's share of the addresses of FailoverGroups.",
        usage: "gabion failover [--node <name>] [--kubeconfig <file>] [<options>]",
        discussion: """
            Watches FailoverGroups and Nodes, writes keepalived's file, runs keepalived in
            the network namespace that it runs in, and says in the groups' status which
            addresses are here. SIGTERM gives the addresses to the other nodes. When it
            ends in another way, keepalived goes on, and the next one takes it over.
            Needs root, and Debian's keepalived.

              gabion failover --node node-1 --kubeconfig node-1.kubeconfig

            To take everything of it off a node, when it has been stopped for good:
              gabion failover --cleanup
            """)

    @OptionGroup var options: NodeServiceOptions

    @Option(
        name: .customLong("run-dir"),
        help: ArgumentHelp("Where keepalived's files are; for nothing else.", valueName: "dir"), completion: .directory)
    var runDirectory = "/run/gabion-failover"

    @Option(
        name: .customLong("metrics-listen"),
        help: ArgumentHelp(
            "Show Prometheus metrics, and /ready, to everybody at this address, as 127.0.0.1:9156.",
            valueName: "host:port"))
    var metricsListen: String?

    @Flag(help: "End keepalived, remove addresses, rules and files that a stopped gabion failover left, and end.")
    var cleanup = false

    package init() {}

    package mutating func validate() throws {
        if let metricsListen, DNSPlace(metricsListen) == nil {
            throw ValidationError("--metrics-listen: \"\(metricsListen)\" is no address; try 127.0.0.1:9156")
        }
    }

    package func run() async throws {
        try RootCheck.requireOwnNetwork(for: "gabion failover")
        let logger = options.service.logLevel.logger("gabion.failover")
        guard let files = FailoverFiles(directory: runDirectory) else {
            throw CommandFailure(
                "--run-dir \(runDirectory) is no absolute path that keepalived could read",
                remedy: "Name one without quotation marks, dollar signs and backslashes.")
        }
        if cleanup { return try await FailoverCleanup.run(files) }
        do {
            try FileManager.default.createDirectory(
                atPath: runDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                "the directory \(runDirectory) cannot be made: \(FileFault.reason(error))",
                remedy: "Name another with --run-dir.")
        }
        try await SoleProcess.run("failover", directory: runDirectory) { try await serve(files, logger) }
    }

    private func serve(_ files: FailoverFiles, _ logger: Logger) async throws {
        let cluster = try options.service.configuration()
        try await KubernetesClient.withClient(cluster, logger: logger) { client in
            let agent = try FailoverAgent(
                node: options.nodeName, client: client, files: files, logger: logger)
            var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: agent)]
            let metrics = MetricsService(
                at: metricsListen, logger: logger, isReady: { agent.figures.isReady },
                metrics: { agent.figures.metrics })
            if let metrics { services.append(.init(service: metrics)) }
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
            logger.info("ended, as a signal asked; other nodes have the addresses")
        }
    }
}
