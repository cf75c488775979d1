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
        abstract: "Give nodes their pod subnets, and namespaces their network ids.",
        usage: "gabion controller [--kubeconfig <file>] [<options>]",
        discussion: """
            Reads the ranges from the ClusterNetwork named 'default' and writes a
            HostSubnet for each Node and a NetNamespace for each Namespace; beside the
            embedded API server also the EndpointSlices and Endpoints of each Service.
            Services of type LoadBalancer get addresses by ExternalIPPolicies. Runs
            until SIGTERM or SIGINT.

            Any number of controllers may run: the holder of the Lease
            kube-system/gabion-controller acts, the others stand by.

              gabion controller --kubeconfig /var/lib/gabion/admin.kubeconfig
            """)

    @OptionGroup var options: ServiceOptions

    @Option(
        help: ArgumentHelp(
            "The name of this candidate, which no other has; by default the host's name and the process's number.",
            valueName: "name"))
    var identity: String?

    package init() {}

    package mutating func validate() throws {
        if let identity, identity.isEmpty { throw ValidationError("--identity must not be empty") }
    }

    package func run() async throws {
        let logger = options.logLevel.logger("gabion.controller")
        let process = ProcessInfo.processInfo
        let name = identity ?? "\(process.hostName)-\(process.processIdentifier)"
        let configuration = try options.configuration()
        try await KubernetesClient.withClient(configuration, logger: logger) { client in
            let controller = ClusterController(client: client, identity: name, logger: logger)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: controller)], gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger))
            try await group.run()
            logger.info("ended, as a signal asked")
        }
    }
}
