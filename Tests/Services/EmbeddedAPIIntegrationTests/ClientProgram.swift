import EmbeddedAPI
import Foundation
import LinuxSystem
import TestSupport
import Testing

/// Why a client could not be run, or did not do what it had to.
struct ClientFailure: Error, CustomStringConvertible {
    let description: String
}

/// A real API client as a program: a kubectl, or Python with the `kubernetes` package.
struct ClientProgram: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let path: String
    /// True for a kubectl that leaves validation to the server (1.27 and later).
    let isCurrent: Bool

    /// `scripts/install-clients` fills it.
    private static let cache = Environment.value(of: "GABION_TEST_CACHE") ?? "/var/cache/gabion-tests"

    static let debianKubectl = ClientProgram(
        testDescription: "Debian's kubectl", path: "\(cache)/kubectl-debian", isCurrent: false)
    static let python = ClientProgram(
        testDescription: "Python", path: "\(cache)/python/bin/python", isCurrent: false)
    private static let machineKubectl = ClientProgram(
        testDescription: "the machine's kubectl", path: "/usr/bin/kubectl", isCurrent: true)

    /// Debian's, always, and the machine's own where it has a current one.
    static let kubectls: [ClientProgram] = {
        let hasOwn = FileManager.default.isExecutableFile(atPath: machineKubectl.path)
        let isCurrent = hasOwn && (machineKubectl.minorVersion ?? 0) >= 27
        return [debianKubectl] + (isCurrent ? [machineKubectl] : [])
    }()

    private var minorVersion: Int? {
        guard let text = try? TestProgram.run(path, ["version", "--client", "-o", "json"]),
            let digits = text.split(separator: "\"minor\": \"").dropFirst().first?.prefix(while: \.isNumber)
        else { return nil }
        return Int(digits)
    }

    /// How a program ended and all it wrote, standard error included.
    struct Outcome: Sendable {
        let code: Int32
        let text: String
        var isSuccess: Bool { code == 0 }
    }

    /// Starts the program with its output in a file.
    func start(_ arguments: [String], environment: [String: String] = [:], output: String) throws -> ProcessHandle {
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ClientFailure(description: "\(path) is missing: run scripts/install-clients (it needs the network)")
        }
        var program = Program(
            path, arguments, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"])
        program.environment.merge(environment) { _, own in own }
        program.output = .file(output)
        return try program.spawn()
    }

    /// Runs the program to its end.
    func run(
        _ arguments: [String], environment: [String: String] = [:], deadline: Duration = .seconds(40)
    ) async throws -> Outcome {
        let directory = try TemporaryDirectory()
        let output = directory.file("output")
        let process = try start(arguments, environment: environment, output: output)
        guard let status = try await process.exit(within: deadline) else {
            try await process.end(grace: .zero)
            let text = try Self.read(output)
            throw ClientFailure(description: "\(path) \(arguments) took longer than \(deadline):\n\(text)")
        }
        guard case .code(let code) = status else {
            throw ClientFailure(description: "\(path) \(arguments) ended by \(status)")
        }
        return Outcome(code: code, text: try Self.read(output))
    }

    static func read(_ file: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    }
}
