import EmbeddedAPI
import TestSupport
import Testing

/// The `kubernetes` package from PyPI, unmodified.
@Suite("The Python client", .timeLimit(.minutes(2)))
struct ClientPythonTests {
    struct Script: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        var history = 10_000
    }

    static let scripts = [
        Script(testDescription: "typed objects", text: ClientPythonScripts.objects),
        Script(testDescription: "conflicts and patches", text: ClientPythonScripts.conflicts),
        Script(testDescription: "watches and their resumption", text: ClientPythonScripts.watches),
        Script(testDescription: "410 after compaction", text: ClientPythonScripts.expiry, history: 20),
        Script(testDescription: "custom objects", text: ClientPythonScripts.customObjects),
    ]

    @Test("the Python client works unmodified", arguments: scripts)
    func works(_ script: Script) async throws {
        try await ServerFixture.with(history: script.history) { fixture in
            let directory = try TemporaryDirectory()
            let file = try directory.write(script.text, to: "script.py")
            let outcome = try await ClientProgram.python.run([file, fixture.endpoints.kubeconfigPath])
            #expect(outcome.isSuccess && outcome.text.hasSuffix("passed\n"), "\(outcome.text)")
        }
    }
}
