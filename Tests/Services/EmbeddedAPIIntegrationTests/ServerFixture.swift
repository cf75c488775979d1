import AsyncHTTPClient
import ClusterAPI
import EmbeddedAPI
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// A real server on a free loopback port with its data in a directory of its own, and a client of it.
struct ServerFixture: Sendable {
    let directory: String
    let server: EmbeddedAPIServer
    let endpoints: EmbeddedAPIServer.Endpoints
    let admin: TestClient

    /// Runs `body` against a fresh server; stops it and removes its data whatever happens.
    static func with(
        history: Int = 10_000, socket: Bool = false, audit: AuditLogOptions? = nil,
        _ body: @Sendable (ServerFixture) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/gabion-api-" + UUID().uuidString.prefix(8)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = socket ? directory + "/run/api.sock" : nil
        try await run(directory, history: history, socket: path, audit: audit, body)
    }

    /// Runs a server on a directory that stays: for restarts.
    static func run(
        _ directory: String, history: Int = 10_000, socket: String? = nil, audit: AuditLogOptions? = nil,
        _ body: @Sendable (ServerFixture) async throws -> Void
    ) async throws {
        let server = try EmbeddedAPIServer(
            configuration: EmbeddedAPIConfiguration(
                dataDirectory: directory, listen: [try ListenAddress("127.0.0.1:0")], socketPath: socket,
                historyLength: history, audit: audit),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ready, signal) = AsyncStream<EmbeddedAPIServer.Endpoints>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run { signal.yield($0) }
            }
            var iterator = ready.makeAsyncIterator()
            if let endpoints = await iterator.next() {
                let result = await Result.of { try await use(server, endpoints, directory, body) }
                server.shutDown()
                try await group.waitForAll()
                try result.get()
            }
            try await group.waitForAll()
        }
    }

    private static func use(
        _ server: EmbeddedAPIServer, _ endpoints: EmbeddedAPIServer.Endpoints, _ directory: String,
        _ body: @Sendable (ServerFixture) async throws -> Void
    ) async throws {
        let admin = try TestClient(endpoints, directory: directory, as: Identity(user: "t", groups: ["system:masters"]))
        let result = await Result.of {
            try await body(ServerFixture(directory: directory, server: server, endpoints: endpoints, admin: admin))
        }
        try await admin.close()
        try result.get()
    }

    /// Runs `body` with a client of another identity; nil is anonymous.
    func withClient(
        _ identity: Identity?, _ body: (TestClient) async throws -> Void
    ) async throws {
        let client = try TestClient(endpoints, directory: directory, as: identity)
        let result = await Result.of { try await body(client) }
        try await client.close()
        try result.get()
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous body returns or throws, for cleaning up before going on.
    static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
