package import ArgumentParser
import Foundation
import KubernetesClient
import LinuxSystem
import Logging
import NodeAgent
import ServiceLifecycle
import UnixSignals

/// `gabion agent`: the network of one node.
package struct AgentCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Run the network of one node: attach pods, enforce policies.",
        discussion: """
            Watches the API, programs the kernel of the network namespace that it runs in, and answers the
            CNI plugin on RUN-DIR/agent.sock. Its state is in RUN-DIR/status.json. When it ends, the kernel
            keeps enforcing; a new agent goes on where the old one stopped.

            To take everything of Gabion out of the kernel again:
              gabion agent --cleanup
            """)

    @Option(help: "The name of this node in the API; HOSTNAME by default.")
    var node: String?

    @Option(help: "The kubeconfig; KUBECONFIG, or the pod's service account, by default.")
    var kubeconfig: String?

    @Option(name: .customLong("state-dir"), help: "Where attachments are remembered over restarts.")
    var stateDirectory = "/var/lib/gabion-agent"

    @Option(name: .customLong("run-dir"), help: "Where the socket and the status are.")
    var runDirectory = "/run/gabion"

    @Option(name: .customLong("underlay-interface"), help: "The interface that carries the overlay; found by address.")
    var underlayInterface: String?

    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = "info"

    @Flag(help: "Remove every trace from this network namespace and end.")
    var cleanup = false

    package init() {}

    package mutating func validate() throws {
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level: \"\(logLevel)\" is not a level; try info")
        }
    }

    package func run() async throws {
        try RootCheck.require(for: "gabion agent")
        if cleanup {
            try await HostKernel().removeEverything()
            return
        }
        var logger = Logger(label: "gabion.agent") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        for directory in [stateDirectory, runDirectory] {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let name = node ?? ProcessInfo.processInfo.hostName
        let cluster =
            try kubeconfig.map { try ClusterConfiguration.load(kubeconfig: $0) } ?? ClusterConfiguration.find()
        try await KubernetesClient.withClient(cluster, logger: logger) { client in
            try await serve(client, name, logger)
        }
    }

    private func serve(_ client: KubernetesClient, _ name: String, _ logger: Logger) async throws {
        let agent = NodeAgent(
            configuration: AgentConfiguration(nodeName: name, underlayInterface: underlayInterface),
            kernel: try HostKernel(), logger: logger)
        let endpoint = try await PluginEndpoint.adoptingSurvivors(
            datapath: agent, stateDirectory: stateDirectory, socket: runDirectory + "/agent.sock", logger: logger)
        let service = AgentService(
            agent: agent, client: client, nodeName: name, statusPath: runDirectory + "/status.json")
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service), .init(service: endpoint)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
