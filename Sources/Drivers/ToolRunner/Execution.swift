import Subprocess
import SystemPackage

/// One run of one program.
struct Execution: Sendable {
    enum Late: Error { case late }

    let path: String
    let arguments: [String]
    let environment: [String: String]
    let input: [UInt8]
    let outputLimit: Int
    let errorLimit: Int

    /// Races the program with the deadline; the program is killed when it loses.
    func run(deadline: Duration) async throws -> ToolOutput {
        try await withThrowingTaskGroup(of: ToolOutput?.self) { group in
            group.addTask { try await execute() }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let output = first else { throw Late.late }
            return output
        }
    }

    private func execute() async throws -> ToolOutput {
        let configuration = Configuration(
            executable: .path(FilePath(path)), arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
            ))
        let output = BytesOutput.bytes(limit: outputLimit)
        let errors = BytesOutput.bytes(limit: errorLimit)
        let result = try await Subprocess.run(
            configuration, input: WholeInput(bytes: input), output: output, error: errors)
        return ToolOutput(result.terminationStatus, result.standardOutput, result.standardError)
    }
}

extension ToolOutput {
    init(_ status: TerminationStatus, _ standardOutput: [UInt8], _ standardError: [UInt8]) {
        let exit: Exit =
            switch status {
            case .exited(let code): .code(code)
            case .signaled(let signal): .signal(signal)
            }
        self.init(exit: exit, standardOutput: standardOutput, standardError: standardError)
    }
}
