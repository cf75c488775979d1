package import ArgumentParser
import EmbeddedAPI
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs the server until a signal ends it.
package struct ServeAPICommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server (the default).")

    @Option(name: .customLong("data-dir"), help: "Where the data is kept; made if it does not exist.")
    var dataDirectory: String

    @Option(help: "HOST:PORT to serve TLS on; may be given several times. Port 0 takes any free one.")
    var listen: [String] = ["127.0.0.1:6443"]

    @Option(help: "A unix socket to serve too; root needs no token there.")
    var socket: String?

    @Option(help: "How many changes per kind are kept for watches and continued lists.")
    var history: Int = 10_000

    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String = "notice"

    package init() {}

    package mutating func validate() throws {
        guard history > 0 else { throw ValidationError("--history must be at least 1") }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level: \"\(logLevel)\" is not a level; try info")
        }
    }

    package func run() async throws {
        var logger = Logger(label: "gabion.apiserver") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        let configuration = EmbeddedAPIConfiguration(
            dataDirectory: dataDirectory, listen: try listen.map(ListenAddress.init), socketPath: socket,
            historyLength: history)
        let server = try EmbeddedAPIServer(configuration: configuration, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: ServedAPI(server: server))], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        try await group.run()
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
