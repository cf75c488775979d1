import ClusterAPI
import EmbeddedAPI
import KubernetesClient
import Logging
import TestSupport

/// A server with the namespace shop and its pods web and db on node n1.
enum ApplyServer {
    /// Runs `body` with a client and the kubeconfig.
    static func with(
        _ body: @Sendable (_ client: KubernetesClient, _ kubeconfig: String) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        let configuration = EmbeddedAPIConfiguration(
            dataDirectory: folder.file("data"), listen: [try ListenAddress("127.0.0.1:0")], socketPath: nil)
        let server = try EmbeddedAPIServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ready, signal) = AsyncStream<String>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run { signal.yield($0.kubeconfigPath) }
            }
            var iterator = ready.makeAsyncIterator()
            if let kubeconfig = await iterator.next() {
                defer { server.shutDown() }
                let configuration = try ClusterConfiguration.load(kubeconfig: kubeconfig)
                try await KubernetesClient.withClient(configuration, logger: Logger(label: "test")) { client in
                    try await client.create(Namespace(metadata: ObjectMeta(name: "shop")))
                    try await client.create(Node(metadata: ObjectMeta(name: "n1")))
                    for name in ["web", "db"] {
                        try await client.create([
                            "apiVersion": "v1", "kind": "Pod",
                            "metadata": [
                                "name": .string(name), "namespace": "shop", "labels": ["app": .string(name)],
                            ],
                            "spec": ["containers": [["name": "c", "image": "i"]]],
                        ])
                    }
                    try await body(client, kubeconfig)
                }
            }
            try await group.waitForAll()
        }
    }
}
