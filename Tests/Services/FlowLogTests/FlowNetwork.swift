import EmbeddedAPI
import FlowLog
import FlowModel
import LinuxSystem
import NetworkTypes
import Synchronization
import TestSupport
import Testing

/// A cluster's authority, and the agent of node `one` that answers on loopback by its certificates.
struct FlowNetwork: Sendable {
    let authority: CertificateAuthority
    let kernel = FakeFlowKernel()
    let address: ListenAddress

    init(in directory: TemporaryDirectory) throws {
        authority = try CertificateAuthority.loadOrMake(dataDirectory: directory.path + "/api")
        address = ListenAddress(host: "127.0.0.1", port: try Self.freePort())
    }

    static func freePort() throws -> UInt16 {
        let socket = try Socket(.tcp, .v4)
        try socket.bind(to: SocketAddress(IPAddress(v4: 0x7F00_0001), port: 0))
        return try #require(try socket.localAddress()?.port)
    }

    /// What `authority` gives to somebody who trusts `trusted`; nil for the cluster's.
    func credentials(
        _ user: String, _ groups: Set<String>, by other: CertificateAuthority? = nil,
        trusting trusted: CertificateAuthority? = nil
    ) throws -> FlowCredentials {
        let issued = try (other ?? authority).issueClient(Identity(user: user, groups: groups))
        return FlowCredentials(
            certificate: Array(issued.certificate.utf8), key: Array(issued.key.utf8),
            authority: Array(try (trusted ?? authority).certificatePEM.utf8))
    }

    func client(
        _ credentials: FlowCredentials, node: String = "one", patience: Duration = .seconds(10)
    ) -> FlowClient {
        FlowClient(at: .network(address, node: node, credentials), patience: patience)
    }

    func admin() throws -> FlowClient { try client(credentials("admin", [Identity.mastersGroup])) }

    /// The words of the failure; nil when there is none.
    static func failure(_ client: FlowClient, _ query: FlowQuery = FlowQuery()) async -> String? {
        do {
            try await client.ask(query) { _ in }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Runs the agent's flow log while `body` asks it.
    ///
    /// - Parameter renewal: its credentials as they are by now.
    static func with(
        renewal: (@Sendable () throws -> FlowCredentials)? = nil, _ body: (FlowNetwork) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let network = try FlowNetwork(in: directory)
        network.kernel.state.withLock { $0.packets = [FakeFlowKernel.packet("new", from: 1000)] }
        let place = FlowServer.Place.authenticated(
            host: network.address.host, port: Int(network.address.port),
            try network.credentials("system:node:one", [Identity.nodesGroup]))
        let service = try FlowLogService(
            node: "one", judge: FakeJudge(), kernel: network.kernel, stateDirectory: directory.path,
            runDirectory: directory.path, metrics: nil, network: place, renewal: renewal,
            logger: FlowLogServiceTests.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            let admin = try network.admin()
            try await eventually { (try? await FlowLogServiceTests.flows(admin).0.count) == 1 }
            try await body(network)
            group.cancelAll()
        }
    }
}
