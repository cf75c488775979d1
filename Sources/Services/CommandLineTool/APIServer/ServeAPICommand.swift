import AddressAllocation
package import ArgumentParser
import EmbeddedAPI
import Foundation
import Logging
import ManifestFiles
import ServiceLifecycle
import UnixSignals

/// Runs the server until a signal ends it.
package struct ServeAPICommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server (the default).",
        usage: "gabion apiserver serve --data-dir <dir> [<options>]",
        discussion: """
            One line on standard output says when it is ready, and where. SIGTERM and
            SIGINT end it in order.

              gabion apiserver serve --data-dir /var/lib/gabion
              gabion apiserver serve --data-dir D --listen 0.0.0.0:6443 --listen [::]:6443
              gabion apiserver serve --data-dir D --socket /run/gabion/api.sock
              gabion apiserver serve --data-dir D --audit-log /var/log/gabion/audit.log
            """)

    @Option(
        name: .customLong("data-dir"),
        help: ArgumentHelp("Where the data is kept; made if it does not exist.", valueName: "dir"),
        completion: .directory)
    var dataDirectory: String

    @Option(
        help: ArgumentHelp(
            "Where to serve TLS; may be repeated. Port 0 takes any free one.", valueName: "host:port"))
    var listen: [String] = ["127.0.0.1:6443"]

    @Option(
        help: ArgumentHelp("A unix socket to serve too; root needs no token there.", valueName: "path"),
        completion: .file())
    var socket: String?

    @Option(
        help: ArgumentHelp("How many changes per kind are kept for watches and continued lists.", valueName: "count"))
    var history: Int = 10_000

    @Option(
        name: .customLong("audit-log"),
        help: ArgumentHelp(
            "Write a line about every write to this file: who, what, and how it ended (audit.k8s.io/v1).",
            valueName: "file"),
        completion: .file())
    var auditLog: String?

    @Option(
        name: .customLong("audit-log-size"),
        help: ArgumentHelp(
            "Put the audit log aside as FILE.1 at this size; FILE.1 to FILE.4 are kept.", valueName: "MiB"))
    var auditLogSize: Int = 64

    @Option(
        name: .customLong("service-network"),
        help: ArgumentHelp(
            "Where services have their addresses, while the ClusterNetwork 'default' does not say; one range per family, with a comma.",
            valueName: "cidr"))
    var serviceNetwork: String = "\(ServiceSettings.standardRange)"

    @Option(
        name: .customLong("service-node-port-range"),
        help: ArgumentHelp("The ports of every node that services may have.", valueName: "first-last"))
    var nodePortRange: String = "\(NodePortRange.standard)"

    @Option(
        name: .customLong("log-level"), help: ArgumentHelp("How much to say on standard error.", valueName: "level"))
    var logLevel: LogLevel = .notice

    package init() {}

    package mutating func validate() throws {
        guard history > 0 else { throw ValidationError("--history must be at least 1.") }
        guard (1...65_536).contains(auditLogSize) else {
            throw ValidationError("--audit-log-size must be from 1 to 65536.")
        }
        guard ServiceSettings.ranges(parsing: serviceNetwork) != nil else {
            throw ValidationError("--service-network must be a range such as 172.30.0.0/16, or one of each family.")
        }
        guard NodePortRange(nodePortRange) != nil else {
            throw ValidationError("--service-node-port-range must be two ports such as 30000-32767.")
        }
        for text in listen {
            do {
                _ = try ListenAddress(text)
            } catch {
                throw ValidationError("--listen: \(error).")
            }
        }
    }

    package func run() async throws {
        let logger = logLevel.logger("gabion.apiserver")
        let configuration = EmbeddedAPIConfiguration(
            dataDirectory: dataDirectory, listen: try listen.map(ListenAddress.init), socketPath: socket,
            historyLength: history,
            services: ServiceSettings(
                ranges: ServiceSettings.ranges(parsing: serviceNetwork) ?? [ServiceSettings.standardRange],
                nodePorts: NodePortRange(nodePortRange) ?? .standard),
            audit: auditLog.map { AuditLogOptions(path: $0, largestSize: auditLogSize << 20) })
        let server: EmbeddedAPIServer
        do {
            server = try EmbeddedAPIServer(configuration: configuration, logger: logger)
        } catch let error as CocoaError {
            throw CommandFailure(
                "the data directory \(dataDirectory) cannot be used: \(FileFault.reason(error))",
                remedy: "Name a folder that you may write to with --data-dir.")
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: ServedAPI(server: server))], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        try await group.run()
        logger.notice("ended, as a signal asked")
    }
}

/// The server as a service of the process.
private struct ServedAPI: Service {
    let server: EmbeddedAPIServer

    func run() async throws {
        try await server.run { endpoints in
            let places =
                endpoints.listen.map { "https://\($0)" } + (endpoints.socketPath.map { ["unix://\($0)"] } ?? [])
            ReadyLine.print("ready: \(places.joined(separator: " ")) kubeconfig \(endpoints.kubeconfigPath)")
        }
    }
}
