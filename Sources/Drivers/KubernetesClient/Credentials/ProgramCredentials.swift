import FoundationEssentials
import ToolRunner

/// Runs a credential program when there is no credential, or it has run out, or the server has refused it; once for all who wait.
actor ProgramCredentials {
    private static let deadline = Duration.seconds(25)

    private let program: CredentialProgram
    private let configuration: ClusterConfiguration
    private var last: (credential: Credential, until: Date?)?
    private var isRunning = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ program: CredentialProgram, of configuration: ClusterConfiguration) {
        self.program = program
        self.configuration = configuration
    }

    func current() async throws -> Credential {
        while isRunning { await withCheckedContinuation { waiting.append($0) } }
        if let last, last.until.map({ Date.now < $0 }) ?? true { return last.credential }
        isRunning = true
        defer {
            isRunning = false
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
        let answer = try await run()
        last = answer
        return answer.credential
    }

    /// Somebody's credential was refused; a newer one stays.
    func forget(_ credential: Credential) {
        if last?.credential == credential { last = nil }
    }

    private func run() async throws -> (credential: Credential, until: Date?) {
        var environment = ProcessInfo.processInfo.environment.merging(program.environment) { $1 }
        environment["KUBERNETES_EXEC_INFO"] = String(decoding: try JSONEncoder().encode(question()), as: UTF8.self)
        let output: ToolOutput
        do {
            output = try await ToolRunner().run(
                try path(in: environment["PATH"] ?? ""), program.arguments, environment: environment,
                deadline: Self.deadline, outputLimit: 1 << 20)
        } catch let error as ToolError where error.reason == .cancelled {
            throw CancellationError()
        } catch let error as ToolError {
            throw failure("\(error)", "run it by hand to see what it wants; it is given no terminal here")
        }
        do {
            let answer = try JSONDecoder().decode(ExecCredential.self, from: Data(output.standardOutput))
            return try answer.credential(as: program.apiVersion)
        } catch {
            // Never what it printed: that may be a token.
            let problem = (error as? ExecCredential.Flaw)?.description ?? "it is no ExecCredential in JSON"
            throw failure("'\(program.command)' printed something else than asked: \(problem)", "repair or replace it")
        }
    }

    private func path(in directories: String) throws -> String {
        if program.command.hasPrefix("/"), FileManager.default.isExecutableFile(atPath: program.command) {
            return program.command
        }
        let found = directories.split(separator: ":").map { "\($0)/\(program.command)" }
            .first { !program.command.contains("/") && FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else {
            throw failure(
                "there is no program '\(program.command)'", program.installHint ?? "install it, or correct PATH")
        }
        return found
    }

    private func question() throws -> ExecCredential {
        var spec = ExecCredential.Spec()
        if program.wantsCluster {
            spec.cluster = ExecCredential.Cluster(
                server: "\(configuration.server)", tlsServerName: configuration.tlsServerName,
                insecureSkipTLSVerify: configuration.skipsCertificateVerification ? true : nil,
                certificateAuthorityData: try configuration.certificateAuthority.map {
                    Data(try configuration.bytes(of: $0, as: "certificate-authority"))
                })
        }
        return ExecCredential(apiVersion: program.apiVersion, spec: spec)
    }

    private func failure(_ problem: String, _ remedy: String) -> ConfigurationError {
        ConfigurationError(origin: program.origin, field: program.field, problem: problem, remedy: remedy)
    }
}
