import Foundation
import LinuxSystem
import TestSupport
import Testing

/// Processes that have a node's kernel for themselves.
@Suite("one process of a kind on a node", .requiresRoot, .timeLimit(.minutes(2)))
struct SoleProcessTests {
    /// A process of `gabion` with what it says in a file.
    private struct Started {
        let process: ProcessHandle
        let output: String

        var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

        func end() async throws { try await process.end(grace: .zero) }
    }

    /// A process of the service with directories `place`, whose API server is not there.
    private func start(
        _ verb: String, _ place: String, in namespace: TestNamespace, _ directory: TemporaryDirectory,
        more: [String] = []
    ) throws -> Started {
        let kubeconfig = directory.file("kubeconfig")
        try directory.write(
            """
            {"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
            "users": [{"name": "u", "user": {}}], "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x"}
            """, to: "kubeconfig")
        var arguments = [verb, "--kubeconfig", kubeconfig, "--node", "n1", "--run-dir", directory.file(place + "-run")]
        if verb == "agent" { arguments += ["--state-dir", directory.file(place)] }
        var program = Program(
            try BuiltProgram.path("gabion"), arguments + more, environment: Program.ownEnvironment)
        program.namespace = namespace.reference
        let output = directory.file(UniqueName.next())
        program.output = .file(output)
        return Started(process: try program.spawn(), output: output)
    }

    /// Ends with code 2 and these words.
    private func isRefused(_ started: Started, saying words: String) async throws {
        let status = try await started.process.exit(within: .seconds(20))
        if status == nil { try await started.end() }
        #expect(status == .code(2), "\(started.text)")
        #expect(started.text.contains("error: ") && started.text.contains(words), "\(started.text)")
    }

    @Test(
        "a second one is refused with its reason while the first lives, and not when the first was killed",
        arguments: ["agent", "egress", "failover"])
    func second(verb: String) async throws {
        let directory = try TemporaryDirectory()
        let namespace = try TestNamespace("sole")
        let first = try start(verb, "one", in: namespace, directory)
        do {
            try await eventually("it begins") { !first.text.isEmpty || !first.process.isRunning }
            try await isRefused(
                try start(verb, "other", in: namespace, directory),
                saying: "another gabion \(verb) runs in this network namespace")
            #expect(first.process.isRunning, "\(first.text)")
            if verb == "agent" {
                let cleanup = try start(verb, "other", in: namespace, directory, more: ["--cleanup"])
                try await isRefused(cleanup, saying: "another gabion agent runs")
            }
        } catch {
            try await first.end()
            throw error
        }
        try await first.end()
        let next = try start(verb, "one", in: namespace, directory)
        try? await Task.sleep(for: .seconds(3))
        #expect(next.process.isRunning, "\(next.text)")
        try await next.end()
    }

    @Test("agents of two networks are refused one memory")
    func memory() async throws {
        let directory = try TemporaryDirectory()
        let (here, there) = (try TestNamespace("sole"), try TestNamespace("sole"))
        let first = try start("agent", "one", in: here, directory)
        do {
            try await eventually("it begins") { !first.text.isEmpty || !first.process.isRunning }
            try await isRefused(
                try start("agent", "one", in: there, directory), saying: "one is another gabion agent's")
            #expect(first.process.isRunning, "\(first.text)")
        } catch {
            try await first.end()
            throw error
        }
        try await first.end()
    }
}
