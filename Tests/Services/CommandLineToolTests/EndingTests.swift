import Foundation
import LinuxSystem
import TestSupport
import Testing

/// The services as processes: SIGTERM is how everybody ends them.
@Suite("ending services", .timeLimit(.minutes(2)))
struct EndingTests {
    /// What to run, and a word of its log that says that it works.
    struct Service: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arguments: @Sendable (TemporaryDirectory) -> [String]
        let begun: String
    }

    /// Nobody listens at the kubeconfig's server: a service waits for it, and ends all the same.
    private static let services = [
        Service(
            testDescription: "agent",
            arguments: { directory in
                [
                    "agent", "--node", "n1", "--kubeconfig", directory.file("kubeconfig"), "--state-dir",
                    directory.file("state"), "--run-dir", directory.file("run"), "--metrics-listen", "127.0.0.1:9471",
                ]
            }, begun: "CNI requests are answered"),
        Service(
            testDescription: "controller",
            arguments: { ["controller", "--kubeconfig", $0.file("kubeconfig")] },
            begun: "cannot acquire the lease"),
        Service(
            testDescription: "apiserver",
            arguments: { ["apiserver", "--data-dir", $0.file("data"), "--listen", "127.0.0.1:0"] }, begun: "ready: "),
    ]

    private static let kubeconfig = """
        {"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}], "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}], "current-context": "x"}
        """

    @Test("a service that SIGTERM ends says so, and its exit code is 0", arguments: services)
    func terminated(_ service: Service) async throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.kubeconfig, to: "kubeconfig")
        let namespace = try TestNamespace("ending")
        let output = directory.file("output")
        var program = Program(
            try BuiltProgram.path("gabion"), service.arguments(directory), environment: Program.ownEnvironment)
        program.namespace = namespace.reference
        program.output = .file(output)
        let process = try program.spawn()
        let text = { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
        do {
            try await eventually(service.begun) { text().contains(service.begun) || !process.isRunning }
        } catch {
            try await process.end(grace: .zero)
            throw error
        }
        #expect(try await process.end(grace: .seconds(20)) == .code(0), "\(text())")
        #expect(text().contains("ended, as a signal asked") && !text().contains("error:"), "\(text())")
    }
}
