import ClusterAPI
import EmbeddedAPI
import Foundation
import KubernetesClient
import Logging
import TestSupport
import Testing

@Suite("Certificates that change while a client runs", .timeLimit(.minutes(2)))
struct CertificateRotationTests {
    @Test("requests show the new one, watches go on, and halves of a pair change nothing")
    func rotation() async throws {
        try await ServerFixture.with { fixture in
            let files = try TemporaryDirectory()
            let authority = try #require(try CertificateAuthority.load(dataDirectory: fixture.directory))
            let stranger = try authority.issueClient(Identity(user: "stranger", groups: []))
            let administrator = try authority.issueClient(Identity(user: "root", groups: [Identity.mastersGroup]))
            try files.write(stranger.certificate, to: "client.crt")
            try files.write(stranger.key, to: "client.key")

            var configuration = try ClusterConfiguration(
                serverText: fixture.endpoints.url ?? "", origin: "test")
            configuration.certificateAuthority = .file(fixture.directory + "/pki/ca.crt")
            configuration.clientCertificate = .init(
                chain: .file(files.file("client.crt")), key: .file(files.file("client.key")))
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            try await KubernetesClient.withClient(configuration, logger: logger, freshness: .zero) { client in
                let refused = await #expect(throws: KubernetesError.self) { try await client.list(Namespace.self) }
                #expect(refused?.failure?.code == 403)

                // The middle of a rotation: one file is new already.
                try files.write(administrator.certificate, to: "client.crt")
                let still = await #expect(throws: KubernetesError.self) { try await client.list(Namespace.self) }
                #expect(still?.failure?.code == 403)

                try files.write(administrator.key, to: "client.key")
                let list = try await client.list(Namespace.self)
                var events = client.watch(Namespace.self, from: list.resourceVersion).makeAsyncIterator()
                _ = try await client.create(Namespace(metadata: ObjectMeta(name: "before")))
                #expect(try await events.next()?.name == "before")

                try files.write(stranger.certificate, to: "client.crt")
                try files.write(stranger.key, to: "client.key")
                await #expect(throws: KubernetesError.self) { try await client.list(Namespace.self) }
                _ = try await fixture.admin.create(
                    "/api/v1/namespaces", ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "after"]])
                #expect(try await events.next()?.name == "after", "a watch goes on with what it began with")

                try FileManager.default.removeItem(atPath: files.file("client.key"))
                await #expect(throws: KubernetesError.self, "as before, and not because of the file") {
                    try await client.list(Namespace.self)
                }
            }
        }
    }
}

extension WatchEvent<Namespace> {
    fileprivate var name: String? {
        if case .added(let object, _) = self { object.key.name } else { nil }
    }
}
