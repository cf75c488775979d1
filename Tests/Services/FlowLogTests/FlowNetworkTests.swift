import AsyncHTTPClient
import EmbeddedAPI
import FlowLog
import FlowModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NetworkTypes
import Synchronization
import TestSupport
import Testing

@Suite("Flows over the network", .timeLimit(.minutes(1)))
struct FlowNetworkTests {
    private struct Asker: Sendable {
        let user: String
        let groups: Set<String>
        let isLet: Bool
    }

    private static let known: [Asker] = [
        .init(user: "admin", groups: [Identity.mastersGroup], isLet: true),
        .init(user: "auditor", groups: ["others", Identity.readersGroup], isLet: true),
        .init(user: "system:node:one", groups: [Identity.nodesGroup], isLet: false),
        .init(user: "controller", groups: [Identity.controllersGroup], isLet: false),
        .init(user: Identity.mastersGroup, groups: [], isLet: false),
    ]

    @Test("administrators and readers get flows, nodes and strangers a refusal that says for whom they are")
    func askers() async throws {
        try await FlowNetwork.with { network in
            for asker in Self.known {
                let client = network.client(try network.credentials(asker.user, asker.groups))
                guard !asker.isLet else {
                    let (flows, summary) = try await FlowLogServiceTests.flows(client)
                    #expect(flows.map(\.source.name) == ["shop/web"] && summary?.node == "one")
                    continue
                }
                let words = try #require(await FlowNetwork.failure(client))
                #expect(words.contains("403") && words.contains("\(asker.user) may not read flows"), "\(words)")
                #expect(words.contains("gabion:readers"))
            }
        }
    }

    @Test("a certificate of another authority gets no TLS")
    func otherAuthority() async throws {
        let directory = try TemporaryDirectory()
        let other = try CertificateAuthority.loadOrMake(dataDirectory: directory.path)
        try await FlowNetwork.with { network in
            let stranger = try network.credentials("admin", [Identity.mastersGroup], by: other)
            let words = try #require(await FlowNetwork.failure(network.client(stranger)))
            #expect(words.contains("may refuse our certificate"), "\(words)")
        }
    }

    @Test("without a certificate, by an old TLS or without any, nobody gets an answer")
    func unknown() async throws {
        try await FlowNetwork.with { network in
            let issued = try network.authority.issueClient(Identity(user: "a", groups: [Identity.mastersGroup]))
            var anonymous = TLSConfiguration.makeClientConfiguration()
            anonymous.certificateVerification = .none
            var old = anonymous
            old.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(issued.certificate.utf8)).map {
                .certificate($0)
            }
            old.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(issued.key.utf8), format: .pem))
            // The same without the limit is answered, so the refusals are about what they say.
            let right = old
            old.maximumTLSVersion = .tlsv12
            func status(_ tls: TLSConfiguration, _ scheme: String) async throws -> UInt? {
                var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
                configuration.connectionPool.retryConnectionEstablishment = false
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
                let request = HTTPClientRequest(
                    url: "\(scheme)://\(network.address)/v1/flows?q=%7B%22filter%22%3A%7B%7D%7D")
                let status = try? await client.execute(request, timeout: .seconds(5)).status.code
                try await client.shutdown()
                return status
            }
            #expect(try await status(right, "https") != nil)
            #expect(try await status(anonymous, "https") == nil)
            #expect(try await status(old, "https") == nil)
            #expect(try await status(right, "http") == nil)
        }
    }

    @Test("who answers must be the node's agent, known to the cluster's authority")
    func otherNode() async throws {
        let directory = try TemporaryDirectory()
        let other = try CertificateAuthority.loadOrMake(dataDirectory: directory.path)
        try await FlowNetwork.with { network in
            let admin = try network.credentials("admin", [Identity.mastersGroup])
            let words = try #require(await FlowNetwork.failure(network.client(admin, node: "two")))
            #expect(words.hasSuffix("its certificate is that of system:node:one, not of system:node:two"), "\(words)")
            let misled = try network.credentials("admin", [Identity.mastersGroup], trusting: other)
            let refusal = try #require(await FlowNetwork.failure(network.client(misled)))
            #expect(refusal.hasSuffix("its certificate is not signed by the cluster's authority"), "\(refusal)")
        }
    }

    @Test("an agent that says nothing is named within the patience, and one that is away at once")
    func silence() async throws {
        let directory = try TemporaryDirectory()
        let network = try FlowNetwork(in: directory)
        let admin = try network.credentials("admin", [Identity.mastersGroup])
        let away = try #require(await FlowNetwork.failure(network.client(admin)))
        #expect(away == "nobody listens at \(network.address): is its agent running, with --flow-listen?")
        let mute = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: network.address.host, port: Int(network.address.port)).get()
        let start = ContinuousClock.now
        for query in [FlowQuery(), FlowQuery(follow: true)] {
            let words = await FlowNetwork.failure(network.client(admin, patience: .seconds(1)), query)
            #expect(words == "no answer from \(network.address) within 1 s")
        }
        #expect(ContinuousClock.now - start < .seconds(8))
        try await mute.close()
    }

    @Test("connections beyond the limit wait until others have gone")
    func crowd() async throws {
        try await FlowNetwork.with { network in
            let admin = try network.credentials("admin", [Identity.mastersGroup])
            var crowd: [any Channel] = []
            // 64, and as many as a server that is behind takes in one go before it counts.
            for _ in 0..<72 {
                crowd.append(
                    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .connect(host: network.address.host, port: Int(network.address.port)).get())
            }
            let words = await FlowNetwork.failure(network.client(admin, patience: .seconds(2)))
            #expect(words == "no answer from \(network.address) within 2 s")
            for channel in crowd { try await channel.close() }
            #expect(await FlowNetwork.failure(network.client(admin)) == nil)
        }
    }

    @Test("a question that is too long is refused, and the next one answered")
    func tooLong() async throws {
        try await FlowNetwork.with { network in
            var query = FlowQuery()
            query.filter.pods = (0..<1_500).map { "shop/web-\($0)" }
            let admin = try network.admin()
            #expect(await FlowNetwork.failure(admin, query)?.contains("414") == true)
            #expect(await FlowNetwork.failure(admin) == nil)
        }
    }

    /// Ids of flows; 0 for the summary.
    private final class Seen: Sendable {
        let ids = Mutex<[Int64]>([])
    }

    @Test("a follower of another machine gets the past and what begins from then on")
    func follow() async throws {
        try await FlowNetwork.with { network in
            let seen = Seen()
            let client = network.client(
                try network.credentials("auditor", [Identity.readersGroup]), patience: .seconds(2))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await client.ask(FlowQuery(follow: true)) { answer in
                        if case .flow(let flow) = answer { seen.ids.withLock { $0.append(flow.id) } }
                        if case .summary = answer { seen.ids.withLock { $0.append(0) } }
                    }
                }
                try await eventually { seen.ids.withLock { $0.contains(0) } }
                // Longer than the patience: that is for the past.
                try await Task.sleep(for: .seconds(3))
                network.kernel.state.withLock { $0.packets = [FakeFlowKernel.packet("drop_policy x", from: 1001)] }
                try await eventually { seen.ids.withLock { $0.contains(2) } }
                #expect(seen.ids.withLock { $0.first } == 1)
                group.cancelAll()
            }
        }
    }

    @Test("no log shows a key")
    func words() throws {
        let directory = try TemporaryDirectory()
        let credentials = try FlowNetwork(in: directory).credentials("admin", [])
        let place = FlowServer.Place.authenticated(host: "::1", port: 1, credentials)
        #expect("\(place)".contains("(credentials)") && !"\(place)".contains("45, 45"))
    }
}
