import ClusterAPI
import Foundation
import KubernetesClient
import Logging
import TestSupport
import Testing

extension KubernetesSuites {
    /// Who a client is changes while it runs: certificates, tokens and programs, judged by the real API server.
    @Suite("Credentials that change", .serialized)
    struct CredentialSuite {
        @Test("a certificate that is replaced in its files is the next request's, and open watches go on")
        func certificate() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.letRead(["kind": "User", "name": "suite:new"], in: namespace)
                    let files = try TemporaryDirectory()
                    func show(_ name: String) async throws -> ClusterConfiguration {
                        let path = try await cluster.identity(name, user: "suite:\(name)")
                        for part in ["crt", "key"] {
                            try Data(contentsOf: URL(filePath: "\(path).\(part)")).write(
                                to: files.url("client.\(part)"))
                        }
                        return try .load(kubeconfig: path)
                    }
                    var configuration = try await show("old")
                    configuration.clientCertificate = .init(
                        chain: .file(files.file("client.crt")), key: .file(files.file("client.key")))
                    try await Self.with(configuration) { client in
                        let error = await #expect(throws: KubernetesError.self) {
                            try await client.list(.configMaps, in: namespace)
                        }
                        #expect(error?.description.contains(#"User "suite:old" cannot list"#) == true)
                        _ = try await show("new")
                        let list = try await client.list(.configMaps, in: namespace)
                        var watch = client.watch(.configMaps, in: namespace, from: list.resourceVersion)
                            .makeAsyncIterator()
                        try await cluster.create(.configMap("first", in: namespace))
                        #expect(try await watch.next()?.name == "first")

                        _ = try await show("old")
                        await #expect(throws: KubernetesError.self) {
                            try await client.list(.configMaps, in: namespace)
                        }
                        try await cluster.create(.configMap("second", in: namespace))
                        #expect(try await watch.next()?.name == "second")
                    }
                }
            }
        }

        @Test(
            "a token that is no longer valid is read again from its file, or asked of its program, and the request goes through"
        )
        func token() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let account: JSONValue = [
                        "kind": "ServiceAccount", "name": "default", "namespace": .string(namespace),
                    ]
                    try await cluster.letRead(account, in: namespace)
                    let files = try TemporaryDirectory()
                    func hand(_ anchor: String) async throws {
                        let token = try await Self.token(bound: anchor, in: namespace, cluster)
                        // As kubelet does it: whole, or not yet.
                        try Data(token.utf8).write(to: files.url("token"), options: .atomic)
                    }
                    try files.write(
                        """
                        #!/bin/sh
                        printf '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat '\(files.file("token"))')"
                        """, to: "login")
                    try FileManager.default.setAttributes(
                        [.posixPermissions: 0o755], ofItemAtPath: files.file("login"))
                    try await hand("first")
                    var plain = cluster.client.configuration
                    plain.clientCertificate = nil
                    plain.token = .file(files.file("token"))
                    let program = try Self.program(files.file("login"), for: cluster)
                    for configuration in [plain, program] {
                        try await Self.with(configuration) { client in
                            _ = try await client.list(.configMaps, in: namespace)
                        }
                    }
                    try await KubernetesClient.withClient(plain, logger: Self.quiet) { fromFile in
                        try await KubernetesClient.withClient(program, logger: Self.quiet) { fromProgram in
                            for client in [fromFile, fromProgram] {
                                _ = try await client.list(.configMaps, in: namespace)
                            }
                            let old = try String(contentsOf: files.url("token"), encoding: .utf8)
                            try await hand("second")
                            // A token is nothing without what it is bound to; the server remembers its judgement for ten seconds.
                            try await cluster.kubectl("delete", "secret", "first", "-n", namespace)
                            try await eventually("the first token is refused", within: .seconds(40)) {
                                var stale = plain
                                stale.token = .literal(old)
                                return try await Self.with(stale) { client in
                                    do {
                                        _ = try await client.list(.configMaps, in: namespace)
                                        return false
                                    } catch let error where error.apiFailure?.code == 401 {
                                        return true
                                    }
                                }
                            }
                            for client in [fromFile, fromProgram] {
                                _ = try await client.list(.configMaps, in: namespace)
                            }
                        }
                    }
                }
            }
        }

        private static var quiet: Logger {
            var logger = Logger(label: "suite")
            logger.logLevel = .critical
            return logger
        }

        private static func with<Result>(
            _ configuration: ClusterConfiguration, _ body: (KubernetesClient) async throws -> Result
        ) async throws -> Result {
            try await KubernetesClient.withClient(configuration, logger: quiet, freshness: .zero, body)
        }

        /// A token of the namespace's account (TokenRequest) that is valid while a Secret is there.
        private static func token(bound secret: String, in namespace: String, _ cluster: RealCluster) async throws
            -> String
        {
            let anchor = try await cluster.client.create([
                "apiVersion": "v1", "kind": "Secret",
                "metadata": ["name": .string(secret), "namespace": .string(namespace)],
            ])
            let request: JSONValue = [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": [
                    "expirationSeconds": 600,
                    "boundObjectRef": [
                        "apiVersion": "v1", "kind": "Secret", "name": .string(secret),
                        "uid": anchor["metadata"]?["uid"] ?? .null,
                    ],
                ],
            ]
            let answer = try await cluster.post(
                request, to: "/api/v1/namespaces/\(namespace)/serviceaccounts/default/token")
            return try #require(answer["status"]?["token"]?.string)
        }

        private static func program(_ path: String, for cluster: RealCluster) throws -> ClusterConfiguration {
            let text = """
                current-context: main
                clusters: [{name: c, cluster: {server: "\(cluster.client.configuration.server)"}}]
                contexts: [{name: main, context: {cluster: c, user: u}}]
                users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: "\(path)"}}}]
                """
            var configuration = try Kubeconfig(text: text, path: path).configuration()
            configuration.certificateAuthority = cluster.client.configuration.certificateAuthority
            return configuration
        }
    }
}

extension WatchEvent<JSONValue> {
    fileprivate var name: String? {
        if case .added(let object, _) = self { object["metadata"]?["name"]?.string } else { nil }
    }
}
