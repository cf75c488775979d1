import ClusterAPI
import Foundation
import LinuxSystem
import TestSupport

/// Runs the commands of sessions at a server.
package struct CommandPlayer: Sendable {
    private let server: ConversationServer
    private let program: String
    private let directory: TemporaryDirectory

    /// The kubectl that recordings are made with, and compared: `scripts/install-clients` fetches it.
    package static var debianKubectl: String {
        (Environment.value(of: "GABION_TEST_CACHE") ?? "/var/cache/gabion-tests") + "/kubectl-debian"
    }

    package init(server: ConversationServer, kubectl: String = debianKubectl) throws {
        guard FileManager.default.isExecutableFile(atPath: kubectl) else {
            throw ConversationFault(description: "\(kubectl) is missing: run scripts/install-clients")
        }
        self.server = server
        program = kubectl
        directory = try TemporaryDirectory()
        try directory.write(server.authority, to: "ca.crt")
        for (name, credential) in server.credentials {
            try directory.write(credential.certificate, to: name + ".crt")
            try directory.write(credential.key, to: name + ".key")
        }
    }

    /// What kubectl printed, in the order of the steps.
    package func play(_ session: CommandSession) async throws -> Transcript {
        try await ConversationPlayer(server: server).prepare(namespace: session.name)
        let blurring = CommandBlurring(server: server.url)
        var answers: [Transcript.Answer] = []
        for step in session.steps {
            let run = try await run(step, of: session)
            var content: JSONValue = ["exit": run.code.map { .int(Int64($0)) } ?? "goes on"]
            for (name, text) in [("output", run.output), ("errors", run.errors)] {
                let lines = try blurring.lines(text, of: step)
                if !lines.isEmpty { content[name] = .array(lines.map(JSONValue.string)) }
            }
            answers.append(Transcript.Answer(step: step.name, content: content))
        }
        return Transcript(conversation: session.name, answers: answers)
    }

    private struct Run {
        /// Nil for one that was ended by us.
        let code: Int32?
        let output: String
        let errors: String
    }

    private func run(_ step: CommandStep, of session: CommandSession) async throws -> Run {
        let end = ContinuousClock.now + .seconds(10)
        while true {
            let run = try await once(step, of: session)
            guard let text = step.until, !(run.output + run.errors).contains(text), ContinuousClock.now < end else {
                return run
            }
        }
    }

    private func once(_ step: CommandStep, of session: CommandSession) async throws -> Run {
        let name = UniqueName.next()
        let process = try start(step, name, session.name)
        do {
            if let lines = step.lines {
                try await follow(step, lines, name, session.name)
            } else if let status = try await process.exit(within: .seconds(40)) {
                guard case .code(let code) = status else { throw fault(session, step, "ended by \(status)") }
                return Run(code: code, output: try read(name + ".out"), errors: try read(name + ".err"))
            } else {
                throw fault(session, step, "took longer than 40 s: \(try read(name + ".err"))")
            }
        } catch {
            try await process.end(grace: .zero)
            throw error
        }
        try await process.end(grace: .zero)
        return Run(code: nil, output: try read(name + ".out"), errors: try read(name + ".err"))
    }

    /// Waits for so many lines of a command, and does what is to be done meanwhile.
    private func follow(_ step: CommandStep, _ lines: Int, _ name: String, _ namespace: String) async throws {
        try await wait(for: 1, of: name, step)
        // All that there is at the beginning is printed at once, and then it watches.
        try await Task.sleep(for: .milliseconds(300))
        for command in step.meanwhile ?? [] {
            let words = CommandStep.words(command)
            _ = try await start(words, "admin", UniqueName.next(), namespace).exit(within: .seconds(20))
        }
        try await wait(for: lines, of: name, step)
    }

    private func wait(for lines: Int, of name: String, _ step: CommandStep) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try read(name + ".out").count(where: { $0 == "\n" }) < lines {
            guard ContinuousClock.now < end else {
                let text = try read(name + ".out") + read(name + ".err")
                throw ConversationFault(description: "\(step.name) has not printed \(lines) lines, but\n\(text)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func start(_ step: CommandStep, _ name: String, _ namespace: String) throws -> ProcessHandle {
        try start(
            CommandStep.words(step.kubectl), step.user ?? "admin", name, namespace, input: try step.inputText,
            environment: step.environment ?? [:])
    }

    private func start(
        _ words: [String], _ user: String, _ name: String, _ namespace: String, input: String = "",
        environment: [String: String] = [:]
    ) throws -> ProcessHandle {
        try directory.write(input, to: name + ".in")
        var arguments = [
            "--server", server.url, "--certificate-authority", directory.file("ca.crt"), "--cache-dir",
            directory.file("cache"), "--namespace", namespace,
        ]
        if server.credentials[user] != nil {
            arguments += [
                "--client-certificate", directory.file(user + ".crt"), "--client-key", directory.file(user + ".key"),
            ]
        }
        // The shell keeps output and errors apart, and then becomes kubectl.
        var shell = Program(
            "/bin/sh",
            ["-c", #"exec "$0" "$@" < "$STREAMS.in" > "$STREAMS.out" 2> "$STREAMS.err""#, program] + arguments + words,
            environment: [
                "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "STREAMS": directory.file(name),
            ])
        shell.environment.merge(environment) { _, own in own }
        // Manifests of ours are named as they are in the checkout.
        shell.directory = APIConversation.folder + "/../.."
        return try shell.spawn()
    }

    private func read(_ file: String) throws -> String {
        guard FileManager.default.fileExists(atPath: directory.file(file)) else { return "" }
        return String(decoding: try Data(contentsOf: directory.url(file)), as: UTF8.self)
    }

    private func fault(_ session: CommandSession, _ step: CommandStep, _ what: String) -> ConversationFault {
        ConversationFault(description: "\(session.name): \(step.name): \(what)")
    }
}
