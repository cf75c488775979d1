import ArgumentParser
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@testable import CommandLineTool

/// Servers that take connections and say nothing: the kernel completes them, and nobody reads.
@Suite("an API server that hangs", .timeLimit(.minutes(1)))
struct SilentServerTests {
    private static let servers = ["https", "http", "unix"]

    /// The server's address for a kubeconfig, and what keeps it there.
    private static func listen(_ scheme: String, _ directory: TemporaryDirectory) throws -> (Socket, String) {
        if scheme == "unix" {
            let path = directory.file("api.sock")
            return (try Socket.listen(unix: path), "unix://" + path)
        }
        let socket = try Socket(.tcp, .v4)
        try socket.bind(to: SocketAddress(try #require(IPAddress("127.0.0.1")), port: 0))
        try socket.listen()
        let port = try #require(try socket.localAddress()?.port)
        return (socket, "\(scheme)://127.0.0.1:\(port)")
    }

    private static func option(_ server: String, _ directory: TemporaryDirectory) throws -> ClusterOption {
        let text = """
            {"clusters": [{"name": "c", "cluster": {"server": "\(server)"}}], "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}], "current-context": "x"}
            """
        return try ClusterOption.parse(["--kubeconfig", try directory.write(text, to: "kubeconfig")])
    }

    @Test("is given up within a person's patience, with its name, what was awaited and what to do", arguments: servers)
    func givenUp(scheme: String) async throws {
        let directory = try TemporaryDirectory()
        let (listener, server) = try Self.listen(scheme, directory)
        let option = try Self.option(server, directory)
        let start = ContinuousClock.now
        let error = await #expect(throws: KubernetesError.self) {
            try await option.withClient { _ in Issue.record("nobody answered") }
        }
        #expect(ContinuousClock.now - start < .seconds(9))
        let failure = CommandFailure(try #require(error))
        #expect(failure.cause.contains("GET /version: no answer from \(server): "), "\(failure)")
        #expect(
            failure.cause.contains(
                scheme == "https" ? "no connection within 5 seconds" : "no complete answer within 5.5 seconds"),
            "\(failure)")
        #expect(failure.remedy.contains("Is the API server running, does it hang"))
        withExtendedLifetime(listener) {}
    }

    @Test("gabion status says so, too")
    func status() async throws {
        let directory = try TemporaryDirectory()
        let (listener, server) = try Self.listen("https", directory)
        let start = ContinuousClock.now
        let status = await ClusterStatus.ask(try Self.option(server, directory))
        #expect(ContinuousClock.now - start < .seconds(9))
        #expect(status.lines.map(\.condition) == [.silent] && status.lines[0].detail.contains(server))
        #expect(!status.remedy.isEmpty)
        withExtendedLifetime(listener) {}
    }
}
