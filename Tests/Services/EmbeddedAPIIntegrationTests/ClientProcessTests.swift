import Foundation
import LinuxSystem
import TestSupport
import Testing

/// `gabion apiserver` as people run it: a process, its kubeconfig, a kubectl.
@Suite("kubectl against the process", .timeLimit(.minutes(1)))
struct ClientProcessTests {
    @Test("the process serves kubectl with the kubeconfigs it writes and issues, and ends in order")
    func serves() async throws {
        let directory = try TemporaryDirectory()
        let data = directory.file("data")
        let gabion = ClientProgram(
            testDescription: "gabion", path: try BuiltProgram.path("gabion"), isCurrent: true)
        let output = directory.file("output")
        let server = try gabion.start(
            ["apiserver", "--data-dir", data, "--listen", "127.0.0.1:0"], output: output)
        do {
            try await Self.waitUntilReady(server, output)
            let kubectl = ClientProgram.debianKubectl
            let manifest = try directory.write(ClientManifests.policy, to: "policy.yaml")
            let cache = ["--cache-dir", directory.file("cache")]
            let admin = ["--kubeconfig", data + "/admin.kubeconfig"] + cache
            let applied = try await kubectl.run(admin + ["apply", "-f", manifest])
            #expect(applied.text.contains("networkpolicy.networking.k8s.io/green created"), "\(applied.text)")

            let issued = try await gabion.run(
                ["apiserver", "issue", "--data-dir", data, "--user", "eve", "--group", "gabion:readers"])
            let reader = ["--kubeconfig", try directory.write(issued.text, to: "reader.kubeconfig")] + cache
            #expect(try await kubectl.run(reader + ["get", "netpol"]).text.contains("color=green"))
            let refused = try await kubectl.run(reader + ["delete", "netpol", "green"])
            #expect(refused.text.contains(#"User "eve" cannot delete resource "networkpolicies""#), "\(refused.text)")
        } catch {
            try await server.end(grace: .zero)
            throw error
        }
        #expect(try await server.end(grace: .seconds(10)) == .code(0))
    }

    private static func waitUntilReady(_ server: ProcessHandle, _ output: String) async throws {
        let end = ContinuousClock.now + .seconds(15)
        while ContinuousClock.now < end, server.isRunning {
            if try ClientProgram.read(output).contains("ready: https://127.0.0.1:") { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ClientFailure(description: "the server did not become ready:\n\(try ClientProgram.read(output))")
    }
}
