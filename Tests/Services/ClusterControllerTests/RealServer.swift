import ClusterController
import EmbeddedAPI
import Foundation
import KubernetesClient
import Logging

/// The real API server, on a free port and a unix socket.
enum RealServer {
    static func freshDirectory() -> String {
        FileManager.default.temporaryDirectory.path + "/gabion-cc-" + UUID().uuidString.prefix(8)
    }

    static func socket(in directory: String) -> String { directory + "/run/api.sock" }

    /// Runs a server on the directory and hands `body` the path of a kubeconfig; stops the server afterwards.
    static func run(_ directory: String, _ body: @Sendable (String) async throws -> Void) async throws {
        let configuration = EmbeddedAPIConfiguration(
            dataDirectory: directory, listen: [try ListenAddress("127.0.0.1:0")], socketPath: socket(in: directory))
        let server = try EmbeddedAPIServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ready, signal) = AsyncStream<EmbeddedAPIServer.Endpoints>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run { signal.yield($0) }
            }
            var iterator = ready.makeAsyncIterator()
            if let endpoints = await iterator.next() {
                defer { server.shutDown() }
                try await body(endpoints.kubeconfigPath)
            }
            try await group.waitForAll()
        }
    }

    /// A server, and a controller beside it while `body` runs.
    static func withController(_ body: @Sendable (KubernetesClient) async throws -> Void) async throws {
        let directory = freshDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await run(directory) { kubeconfig in
            let found = try ClusterConfiguration.load(kubeconfig: kubeconfig)
            try await KubernetesClient.withClient(found, logger: silent) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await ClusterController(client: client, identity: "one", logger: silent).run() }
                    try await body(client)
                    group.cancelAll()
                }
            }
        }
    }
}
