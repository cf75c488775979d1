package import ArgumentParser
import ClusterController
import Foundation
import KubernetesClient
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs the controller until a signal ends it.
package struct ControllerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "controller",
        abstract: "Give nodes their pod subnets and namespaces their network ids.",
        discussion: """
            Reads the ranges from the ClusterNetwork named 'default' and writes a
            HostSubnet for each Node and a NetNamespace for each Namespace.

            Any number of controllers may run: the holder of the Lease
            kube-system/gabion-controller acts, the others stand by.
            """)

    @Option(help: "The kubeconfig file; otherwise KUBECONFIG, the pod's service account or ~/.kube/config.")
    var kubeconfig: String?

    @Option(help: "The name of this candidate; must differ from every other's. [default: HOST-PID]")
    var identity: String?

    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String = "info"

    package init() {}

    package mutating func validate() throws {
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level: \"\(logLevel)\" is not a level; try info")
        }
        if let identity, identity.isEmpty { throw ValidationError("--identity must not be empty") }
    }

    package func run() async throws {
        var logger = Logger(label: "gabion.controller") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        let process = ProcessInfo.processInfo
        let name = identity ?? "\(process.hostName)-\(process.processIdentifier)"
        let configuration = try ClusterConfiguration.find(kubeconfig: kubeconfig)
        try await KubernetesClient.withClient(configuration, logger: logger) { client in
            let controller = ClusterController(client: client, identity: name, logger: logger)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: controller)], gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger))
            try await group.run()
        }
    }
}
