package import ArgumentParser
import ClusterAPI
import ClusterDNS
import EnvoyConfig
import EnvoyDriver
import Foundation
import GatewayAgent
import KubernetesClient
import LinuxSystem
import Logging
import ManifestFiles
import ServiceLifecycle
import UnixSignals

/// `gabion gateway`: one pod of an EgressGateway.
package struct GatewayCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Lead the ports of an EgressGateway outside, in its pod.",
        usage: "gabion gateway --name <name> [--kubeconfig <file>] [<options>]",
        discussion: """
            Watches one EgressGateway, and has Envoy do what it says at the addresses
            of the pod that it runs in. A change ends no connection. One that is wrong
            changes nothing that runs; its status says why. SIGTERM ends Envoy; when gabion
            ends in another way, Envoy goes on, and the next gabion takes it over.
            Needs Envoy (make envoy, or GABION_ENVOY).

            Its user may read that object and the pods of the namespace, and write the
            object's status:
              gabion apiserver issue --data-dir D --group gabion:gateways \\
                --user gabion:gateway:shop:bank

              gabion gateway --namespace shop --name bank --kubeconfig bank.kubeconfig
            """)

    @Option(help: ArgumentHelp("The EgressGateway's namespace; by default POD_NAMESPACE.", valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("The EgressGateway's name.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("This pod's name; by default POD_NAME, or the host's name.", valueName: "name"))
    var pod: String?

    @Option(
        name: .customLong("run-dir"),
        help: ArgumentHelp("Where Envoy's files are; of this pod, and for nothing else.", valueName: "dir"),
        completion: .directory)
    var runDirectory = "/run/gabion-gateway"

    @Option(
        name: .customLong("metrics-listen"),
        help: ArgumentHelp(
            "Show Prometheus metrics, and /ready, to everybody at this address, as 10.128.0.9:9902.",
            valueName: "host:port"))
    var metricsListen: String?

    @OptionGroup var options: ServiceOptions

    package init() {}

    package mutating func validate() throws {
        if let metricsListen, DNSPlace(metricsListen) == nil {
            throw ValidationError("--metrics-listen: \"\(metricsListen)\" is no address; try 10.128.0.9:9902")
        }
    }

    package func run() async throws {
        let logger = options.logLevel.logger("gabion.gateway")
        let environment = ProcessInfo.processInfo.environment
        guard let namespace = namespace ?? environment["POD_NAMESPACE"] else {
            throw CommandFailure(
                "the gateway's namespace is not known", remedy: "Name it with --namespace, or in POD_NAMESPACE.")
        }
        // Two for each connection, which Envoy inherits.
        _ = try Host.raiseDescriptorLimit(to: 2 * EnvoyDriver.maximumConnections + 1024)
        let envoy = try driver()
        let identity = GatewayIdentity(
            gateway: ObjectKey(namespace: namespace, name: name),
            pod: pod ?? environment["POD_NAME"] ?? ProcessInfo.processInfo.hostName)
        let metrics = metricsListen.flatMap { DNSPlace($0) }.map { GatewayMetricsPlace($0.address, port: $0.port) }
        let cluster = try options.configuration()
        try await KubernetesClient.withClient(cluster, logger: logger) { client in
            let agent = GatewayAgent(identity, client: client, envoy: envoy, metrics: metrics, logger: logger)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: agent)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
            logger.info("ended, as a signal asked, and Envoy with it")
        }
    }

    private func driver() throws -> EnvoyDriver {
        do {
            try FileManager.default.createDirectory(
                atPath: runDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                "the directory \(runDirectory) cannot be made: \(FileFault.reason(error))",
                remedy: "Name another with --run-dir.")
        }
        return EnvoyDriver(EnvoyFiles(directory: runDirectory), program: try EnvoyProgram.path())
    }
}
