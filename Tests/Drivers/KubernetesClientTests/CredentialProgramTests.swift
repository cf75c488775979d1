import ClusterAPI
import Foundation
import KubernetesClient
import Logging
import NIOHTTP1
import TestSupport
import Testing

@Suite("Credential programs")
struct CredentialProgramTests {
    private static let key = "GET /api/v1/namespaces/a"
    private static let version = "client.authentication.k8s.io/v1"
    private static let good = ScriptedServer.json(namespaceJSON("a", version: 1))

    /// A program that counts its runs in the file `runs`, writes down what it is told, and then does what `script` says with `$run`.
    private struct Program {
        let directory: TemporaryDirectory

        init(_ script: String) throws {
            directory = try TemporaryDirectory()
            try directory.write(
                """
                #!/bin/sh
                cd '\(directory.path)'
                echo x >> runs
                run=$(wc -l < runs)
                printf '%s' "$KUBERNETES_EXEC_INFO" > told
                \(script)
                """, to: "login")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.file("login"))
        }

        var runs: Int { (try? Data(contentsOf: directory.url("runs")))?.count(where: { $0 == 10 }) ?? 0 }

        func configuration(_ address: String, command: String = "./login", exec: String = "") throws
            -> ClusterConfiguration
        {
            let text = """
                current-context: main
                clusters: [{name: c, cluster: {server: "\(address)"}}]
                contexts: [{name: main, context: {cluster: c, user: u}}]
                users:
                - name: u
                  user: {exec: {apiVersion: \(CredentialProgramTests.version), command: \(command), \(exec)}}
                """
            return try Kubeconfig(text: text, path: directory.file("config")).configuration()
        }
    }

    private static func answer(_ status: String, version: String = version) -> String {
        #"printf '{"apiVersion":"\#(version)","kind":"ExecCredential","status":{\#(status)}}' "$run""#
    }

    private func with<Result>(
        _ configuration: ClusterConfiguration, _ body: (KubernetesClient) async throws -> Result
    ) async throws -> Result {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try await KubernetesClient.withClient(configuration, logger: logger, body)
    }

    private func tokens(_ server: ScriptedServer) -> [String?] {
        server.received.map { $0.headers.first(name: "Authorization") }
    }

    @Test(
        "the token is shown until it runs out",
        arguments: [("2999-01-01T00:00:00Z", ["1", "1"]), ("2001-01-01T00:00:00.123Z", ["1", "2"])])
    func expiry(time: String, shown: [String]) async throws {
        let program = try Program(Self.answer(#""token":"t%s","expirationTimestamp":"\#(time)""#))
        let server = ScriptedServer([Self.key: [Self.good, Self.good]])
        try await server.serve { address in
            try await with(program.configuration(address)) { client in
                for _ in shown { _ = try await client.get(Namespace.self, "a") }
            }
        }
        #expect(tokens(server) == shown.map { "Bearer t\($0)" })
    }

    @Test("after a refusal the program is asked again, and the request sent again")
    func refusal() async throws {
        let program = try Program(Self.answer(#""token":"t%s""#))
        let server = ScriptedServer([Self.key: [ScriptedServer.failure(401, "Unauthorized"), Self.good]])
        try await server.serve { address in
            try await with(program.configuration(address)) { client in _ = try await client.get(Namespace.self, "a") }
        }
        #expect(tokens(server) == ["Bearer t1", "Bearer t2"])
    }

    @Test("a program that knows no other token leaves the refusal as it is")
    func refused() async throws {
        let program = try Program(Self.answer(#""token":"same""#))
        let server = ScriptedServer([Self.key: [ScriptedServer.failure(401, "Unauthorized")]])
        try await server.serve { address in
            try await with(program.configuration(address)) { client in
                let error = await #expect(throws: KubernetesError.self) { try await client.get(Namespace.self, "a") }
                #expect(error?.failure?.code == 401)
            }
        }
        #expect(tokens(server) == ["Bearer same"])
        #expect(program.runs == 2)
    }

    @Test("many requests at once wait for one run")
    func once() async throws {
        let program = try Program("sleep 0.3\n" + Self.answer(#""token":"t%s""#))
        let server = ScriptedServer([Self.key: Array(repeating: Self.good, count: 12)])
        try await server.serve { address in
            try await with(program.configuration(address)) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<12 { group.addTask { _ = try await client.get(Namespace.self, "a") } }
                    try await group.waitForAll()
                }
            }
        }
        #expect(program.runs == 1)
        #expect(tokens(server) == Array(repeating: "Bearer t1", count: 12))
    }

    @Test("it is told what is asked of it, for which cluster when it wants to know, and gets its variables")
    func told() async throws {
        let program = try Program(#"printf "$PROFILE $1" > given"# + "\n" + Self.answer(#""token":"t%s""#))
        let server = ScriptedServer([Self.key: [Self.good]])
        try await server.serve { address in
            let exec = "args: [get], env: [{name: PROFILE, value: shop}], provideClusterInfo: true"
            try await with(program.configuration(address, exec: exec)) { client in
                _ = try await client.get(Namespace.self, "a")
            }
            let told = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: program.directory.url("told")))
            #expect(told["apiVersion"]?.string == Self.version)
            #expect(told["spec"]?["interactive"] == false)
            #expect(told["spec"]?["cluster"]?["server"]?.string == address)
        }
        #expect(try String(contentsOf: program.directory.url("given"), encoding: .utf8) == "shop get")
    }

    static let failures: [(script: String, command: String, text: String)] = [
        ("", "gabion-none", "there is no program 'gabion-none'; get it from example.org"),
        ("echo 'log in first' >&2; exit 3", "./login", "failed with exit code 3: log in first; run it by hand"),
        ("echo secret", "./login", "printed something else than asked: it is no ExecCredential in JSON"),
        (
            answer("", version: "client.authentication.k8s.io/v1beta1"), "./login",
            "it is ExecCredential of client.authentication.k8s.io/v1beta1, not ExecCredential of"
        ),
        (answer(""), "./login", "its status has neither token nor clientCertificateData"),
        (answer(#""clientKeyData":"k""#), "./login", "only one of clientCertificateData and clientKeyData"),
        (answer(#""token":"t","expirationTimestamp":"noon""#), "./login", "'noon' is no time"),
    ]

    @Test("what is wrong with the program is said, without what it printed, and nothing is sent", arguments: failures)
    func failing(script: String, command: String, text: String) async throws {
        let program = try Program(script)
        let server = ScriptedServer([:])
        try await server.serve { address in
            let configuration = try program.configuration(
                address, command: command, exec: "installHint: get it from example.org")
            try await with(configuration) { client in
                let error = await #expect(throws: ConfigurationError.self) {
                    try await client.get(Namespace.self, "a")
                }
                #expect(error?.description.contains("users[u].exec") == true)
                #expect(error?.description.contains(text) == true, "\(String(describing: error))")
                #expect(error?.description.contains("secret") == false)
            }
        }
        #expect(server.received.isEmpty)
    }
}
