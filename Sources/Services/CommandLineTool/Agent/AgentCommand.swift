package import ArgumentParser
import EmbeddedAPI
import FlowLog
import Foundation
import KubernetesClient
import LinuxSystem
import Logging
import ManifestFiles
import NetworkTypes
import NodeAgent
import ServiceLifecycle
import UnixSignals

/// `gabion agent`: the network of one node.
package struct AgentCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Run the network of one node: attach pods, enforce policies.",
        usage: "gabion agent [--node <name>] [--kubeconfig <file>] [<options>]",
        discussion: """
            Watches the API, programs the kernel of the network namespace that it runs
            in, and answers the CNI plugin on RUN-DIR/agent.sock. Its state is in
            RUN-DIR/status.json (gabion status shows it). When it ends, the kernel keeps
            enforcing; a new agent goes on where the old one stopped. A second one on the
            same node is refused. Needs root.

              gabion agent --node node-1 --kubeconfig node-1.kubeconfig

            To take everything of Gabion off a node again, when its agent has been
            stopped for good; with a kubeconfig, off its Node object too:
              gabion agent --cleanup
              gabion agent --cleanup --node node-1 --kubeconfig node-1.kubeconfig
            """)

    @OptionGroup var options: NodeServiceOptions

    @Option(
        name: .customLong("state-dir"),
        help: ArgumentHelp("Where attachments are remembered over restarts.", valueName: "dir"),
        completion: .directory)
    var stateDirectory = "/var/lib/gabion-agent"

    @Option(
        name: .customLong("run-dir"), help: ArgumentHelp("Where the socket and the status are.", valueName: "dir"),
        completion: .directory)
    var runDirectory = "/run/gabion"

    @Option(
        name: .customLong("underlay-interface"),
        help: ArgumentHelp(
            "The interface that carries the traffic between nodes; by default the one with the node's address.",
            valueName: "interface"))
    var underlayInterface: String?

    @Option(
        name: .customLong("node-port-addresses"),
        help: ArgumentHelp(
            "Serve node ports only at nodes' addresses in these networks; the same on all nodes. By default at all.",
            valueName: "CIDR,..."))
    var nodePortAddresses = ""

    @Option(
        name: .customLong("name-server"), parsing: .singleValue,
        help: ArgumentHelp(
            """
            A name server whose answers to pods are believed, for names in policies, besides the cluster's own; \
            may be repeated.
            """, valueName: "address"))
    var nameServers: [String] = []

    @Option(
        name: .customLong("cluster-zone"),
        help: ArgumentHelp("The zone of the cluster's own names.", valueName: "domain"))
    var clusterZone = "cluster.local"

    @Option(
        help: ArgumentHelp(
            """
            No kubelet runs here: containers of podman and ctr become pods, of this namespace when they name none. Needs \
            the embedded API.
            """, valueName: "namespace"))
    var containers: String?

    @Option(
        name: .customLong("metrics-listen"),
        help: ArgumentHelp(
            "Show Prometheus metrics to everybody at this address, as 127.0.0.1:9471.", valueName: "host:port"))
    var metricsListen: String?

    @OptionGroup var flowListen: FlowListenOptions

    @Option(
        name: .customLong("flow-log-size"),
        help: ArgumentHelp("The most that the flow log may take, in MiB.", valueName: "MiB"))
    var flowLogSize = 256

    @Option(
        name: .customLong("flow-log-days"), help: ArgumentHelp("Older flows are forgotten.", valueName: "days"))
    var flowLogDays = 7

    @Flag(
        help: """
            Remove every trace of a stopped agent from this network namespace and from --state-dir and --run-dir \
            (addresses and flows too), and end.
            """)
    var cleanup = false

    package init() {}

    package mutating func validate() throws {
        guard flowLogSize > 0, flowLogDays > 0 else {
            throw ValidationError("--flow-log-size and --flow-log-days: at least 1")
        }
        guard nodePortRanges != nil else {
            throw ValidationError(
                "--node-port-addresses: \"\(nodePortAddresses)\" is no list of networks; try 192.0.2.0/24,2001:db8::/64"
            )
        }
        for text in nameServers where IPAddress(text) == nil {
            throw ValidationError("--name-server: \"\(text)\" is no address; try 192.0.2.53")
        }
        guard DomainName(clusterZone) != nil else {
            throw ValidationError("--cluster-zone: \"\(clusterZone)\" is no domain name; try cluster.local")
        }
        if let metricsListen, (try? ListenAddress(metricsListen)) == nil {
            throw ValidationError("--metrics-listen: \"\(metricsListen)\" is no address; try 127.0.0.1:9471")
        }
    }

    package func run() async throws {
        try RootCheck.require(for: "gabion agent")
        let logger = options.service.logLevel.logger("gabion.agent")
        let name = options.nodeName
        if cleanup {
            try await AgentCleanup(stateDirectory: stateDirectory, runDirectory: runDirectory)
                .run(node: name, kubeconfig: options.service.kubeconfig, logger: logger)
            return
        }
        for directory in [stateDirectory, runDirectory] {
            do {
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw CommandFailure(
                    "the agent's directory \(directory) cannot be made: \(FileFault.reason(error))",
                    remedy: "Name others with --state-dir and --run-dir.")
            }
        }
        let cluster = try options.service.configuration()
        try await SoleProcess.run("agent", directory: stateDirectory) {
            try await KubernetesClient.withClient(cluster, logger: logger) { client in
                try await serve(client, cluster, name, logger)
            }
        }
    }

    private func serve(
        _ client: KubernetesClient, _ cluster: ClusterConfiguration, _ name: String, _ logger: Logger
    ) async throws {
        let agent = NodeAgent(
            configuration: agentConfiguration(name),
            kernel: try HostKernel(), logger: logger, names: NameFiles(runDirectory: runDirectory))
        let pods = containers.map { ContainerPods(client: client, node: name, standard: $0, logger: logger) }
        let endpoint = try await PluginEndpoint.adoptingSurvivors(
            datapath: agent, stateDirectory: stateDirectory, socket: runDirectory + "/agent.sock",
            registry: pods ?? RuntimePods(), logger: logger)
        let network = networkPlace(cluster, logger)
        let flows = flowLog(agent, name, network, logger)
        let announcer = EndpointAnnouncer(
            client: client, node: name, annotation: FlowEndpointAnnotation.key,
            endpoint: network == nil || flows.isEmpty ? nil : flowListen.endpoint)
        let service = AgentService(
            agent: agent, client: client, nodeName: name, statusPath: runDirectory + "/status.json")
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service), .init(service: endpoint), .init(service: announcer)]
                    + flows.map { .init(service: $0) } + (pods.map { [.init(service: $0)] } ?? []),
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        logger.info("ended, as a signal asked; the kernel keeps enforcing")
    }

    private func agentConfiguration(_ name: String) -> AgentConfiguration {
        var configuration = AgentConfiguration(nodeName: name, underlayInterface: underlayInterface)
        configuration.nodePortRanges = nodePortRanges ?? []
        configuration.nameServers = nameServers.compactMap { IPAddress($0) }
        configuration.clusterZone = DomainName(clusterZone)
        return configuration
    }

    /// Nil if one of them is no network.
    private var nodePortRanges: [CIDR]? {
        let texts = nodePortAddresses.split(separator: ",")
        let ranges = texts.compactMap { CIDR($0.filter { $0 != " " }) }
        return ranges.count == texts.count ? ranges : nil
    }

    /// Nil, with a word in the log, when there are no certificates for it.
    private func networkPlace(_ cluster: ClusterConfiguration, _ logger: Logger) -> FlowServer.Place? {
        do {
            return try flowListen.place(cluster)
        } catch {
            logger.error("\(error)")
            return nil
        }
    }

    /// None, when it cannot be had: pods need their network more than anybody needs their flows.
    private func flowLog(
        _ agent: NodeAgent, _ name: String, _ network: FlowServer.Place?, _ logger: Logger
    ) -> [FlowLogService] {
        var bounds = FlowStore.Bounds()
        bounds.size = Int64(flowLogSize) << 20
        bounds.age = .seconds(flowLogDays * 24 * 3600)
        do {
            let metrics = try metricsListen.map { text in
                let address = try ListenAddress(text)
                return FlowServer.Place.address(host: address.host, port: Int(address.port))
            }
            let (listen, service) = (flowListen, options.service)
            return [
                try FlowLogService(
                    node: name, judge: agent, kernel: try HostFlowKernel(), stateDirectory: stateDirectory,
                    runDirectory: runDirectory, metrics: metrics, network: network,
                    renewal: { try listen.credentials(try service.configuration()) }, bounds: bounds, logger: logger)
            ]
        } catch {
            logger.error(
                "there is no flow log; move \(stateDirectory)/flows.sqlite away if it is damaged",
                metadata: ["error": "\(error)"])
            return []
        }
    }
}
