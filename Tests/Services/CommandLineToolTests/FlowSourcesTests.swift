import ArgumentParser
import ClusterAPI
import EmbeddedAPI
import FlowLog
import FlowModel
import KubernetesClient
import LinuxSystem
import Logging
import NetworkTypes
import NodeAgent
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("Where gabion flows finds agents", .timeLimit(.minutes(1)))
struct FlowSourcesTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func node(_ name: String, _ endpoint: String?) -> Node {
        Node(metadata: ObjectMeta(name: name, annotations: endpoint.map { [FlowEndpointAnnotation.key: $0] }))
    }

    private static func cluster(
        _ authority: CertificateAuthority, _ identity: Identity?
    ) throws -> ClusterConfiguration {
        var configuration = try ClusterConfiguration(serverText: "https://a:1", origin: "test.kubeconfig")
        configuration.certificateAuthority = .bytes(Array(try authority.certificatePEM.utf8))
        if let identity {
            let issued = try authority.issueClient(identity)
            configuration.clientCertificate = .init(
                chain: .bytes(Array(issued.certificate.utf8)), key: .bytes(Array(issued.key.utf8)))
        }
        return configuration
    }

    @Test("nodes are asked where they say, others are named with the reason")
    func annotations() throws {
        let directory = try TemporaryDirectory()
        let authority = try CertificateAuthority.loadOrMake(dataDirectory: directory.path)
        let nodes = [
            Self.node("d", "[fd00::1]:9472"), Self.node("a", "10.0.0.1:9472"), Self.node("b", nil),
            Self.node("c", "c.example:9472"),
        ]
        var sources = FlowSources(runDirectories: [])
        sources.add(nodes, try Self.cluster(authority, Identity(user: "admin", groups: [Identity.mastersGroup])))
        #expect(sources.nodes.map(\.name) == ["a", "d"])
        let places = sources.nodes.compactMap { node -> String? in
            guard case .network(let address, node: node.name, _) = node.place else { return nil }
            return "\(address)"
        }
        #expect(places == ["10.0.0.1:9472", "[fd00::1]:9472"])
        #expect(sources.missing.map(\.name) == ["b", "c"])
        #expect(sources.missing[0].reason.contains("start it with --flow-listen"))
        #expect(sources.missing[1].reason.contains("is no ADDRESS:PORT"))
    }

    @Test("a kubeconfig with a token alone asks nobody, and says what is missing")
    func token() throws {
        let directory = try TemporaryDirectory()
        let authority = try CertificateAuthority.loadOrMake(dataDirectory: directory.path)
        var configuration = try Self.cluster(authority, nil)
        configuration.token = .literal("secret")
        var sources = FlowSources(runDirectories: [])
        sources.add([Self.node("a", "10.0.0.1:9472")], configuration)
        #expect(sources.nodes.isEmpty)
        let reason = try #require(sources.missing.first?.reason)
        #expect(reason.contains("test.kubeconfig has a token and no client certificate"), "\(reason)")
        #expect(reason.contains("gabion apiserver issue") && !reason.contains("secret"))
    }

    @Test(
        "what the agent cannot listen by is a usage error",
        arguments: [
            ["--flow-listen", "node.example:9472"], ["--flow-listen", "0.0.0.0"], ["--flow-listen", "0.0.0.0:0"],
            ["--flow-listen", "0.0.0.0:1", "--flow-key", "k"],
            ["--flow-certificate", "c", "--flow-key", "k", "--flow-client-ca", "a"],
        ])
    func mistakes(arguments: [String]) throws {
        #expect(throws: (any Error).self) { try FlowListenOptions.parse(arguments) }
    }

    @Test("an agent without certificates listens nowhere, and is told what to give")
    func withoutCertificates() throws {
        let directory = try TemporaryDirectory()
        let authority = try CertificateAuthority.loadOrMake(dataDirectory: directory.path)
        let options = try FlowListenOptions.parse(["--flow-listen", "127.0.0.1:9472"])
        do {
            _ = try options.place(try Self.cluster(authority, nil))
            Issue.record("it got a place")
        } catch let failure as CommandFailure {
            #expect(failure.remedy.contains("--flow-client-ca"))
        }
        let identity = Identity(user: "system:node:a", groups: [Identity.nodesGroup])
        #expect(try options.place(try Self.cluster(authority, identity)) != nil)
        #expect(try FlowListenOptions.parse([]).place(try Self.cluster(authority, nil)) == nil)
    }

    /// Nothing is hung up on a node that does not answer.
    @Test("an agent announces itself, is found by its Node and answers; a silent node is named")
    func endToEnd() async throws {
        let directory = try TemporaryDirectory()
        let server = try EmbeddedAPIServer(
            configuration: EmbeddedAPIConfiguration(
                dataDirectory: directory.path, listen: [try ListenAddress("127.0.0.1:0")]), logger: Self.logger)
        let (ready, signal) = AsyncStream<EmbeddedAPIServer.Endpoints>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { signal.yield($0) } }
            var iterator = ready.makeAsyncIterator()
            let admin = try ClusterConfiguration.load(kubeconfig: try #require(await iterator.next()).kubeconfigPath)
            let identity = Identity(user: "system:node:one", groups: [Identity.nodesGroup])
            let kubeconfig = try Kubeconfig.issue(for: identity, dataDirectory: directory.path, server: nil)
            let own = try ClusterConfiguration.load(kubeconfig: try directory.write(kubeconfig.text, to: "node"))
            let options = try FlowListenOptions.parse(["--flow-listen", "127.0.0.1:\(try Self.freePort())"])
            let place = try #require(try options.place(own))
            let store = try FlowStore(path: directory.file("flows.sqlite"))
            group.addTask {
                try await FlowServer(
                    at: place, node: "one", store: store, hub: FlowHub(node: "one"), logger: Self.logger
                ).run()
            }
            group.addTask {
                try await KubernetesClient.withClient(own, logger: Self.logger) { client in
                    try await EndpointAnnouncer(
                        client: client, node: "one", annotation: FlowEndpointAnnotation.key,
                        endpoint: options.endpoint
                    ).run()
                }
            }
            try await KubernetesClient.withClient(admin, logger: Self.logger) { client in
                for name in ["one", "two"] { try await client.create(Self.node(name, nil)) }
                try await eventually {
                    try await client.get(Node.self, "one").metadata.annotations?[FlowEndpointAnnotation.key] != nil
                }
                var sources = FlowSources(runDirectories: [])
                sources.add(try await client.list(Node.self).items, admin)
                try await eventually { await FlowsReport.ask(sources, FlowQuery()).answers[0].failure == nil }
                let report = await FlowsReport.ask(sources, FlowQuery())
                #expect(report.answers.map(\.name) == ["one", "two"] && !report.isWhole)
                #expect(report.answers[0].summary?.node == "one")
                #expect(report.remarks.count == 1 && report.remarks[0].hasPrefix("node two did not answer: its agent"))
                // The next agent does not listen: it takes the word back.
                try await Self.withdraw(own, client)
            }
            server.shutDown()
            group.cancelAll()
        }
    }

    private static func withdraw(_ own: ClusterConfiguration, _ admin: KubernetesClient) async throws {
        // Another key of its own, so that the agent that announces does not interfere.
        let key = "agent.kubernetes.io/endpoint"
        try await KubernetesClient.withClient(own, logger: logger) { client in
            for endpoint in [IPAddress("fd00::1"), nil] {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await EndpointAnnouncer(
                            client: client, node: "one", annotation: key, endpoint: endpoint.map { ($0, 1) }
                        ).run()
                    }
                    try await eventually {
                        try await admin.get(Node.self, "one").metadata.annotations?[key]
                            == endpoint.map { _ in "[fd00::1]:1" }
                    }
                    group.cancelAll()
                }
            }
        }
    }

    private static func freePort() throws -> UInt16 {
        let socket = try Socket(.tcp, .v4)
        try socket.bind(to: SocketAddress(IPAddress(v4: 0x7F00_0001), port: 0))
        return try #require(try socket.localAddress()?.port)
    }
}
