import ArgumentParser
import Foundation

extension GabionCommand {
    /// Parses and runs the process's command line; never returns a failure silently.
    ///
    /// Wrong command lines end with 64 and the usage, failures of the work itself with 2 and their message on standard
    /// error, findings with 1.
    @MainActor package static func entry(_ arguments: [String]? = nil) async {
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            finish(with: error)
        }
    }

    /// The parser's own errors (usage, `--help`, exit codes) are the parser's to print; every other error is a failure.
    private static func finish(with error: any Error) -> Never {
        if exitCode(for: error) != .failure || error is ExitCode || error is ValidationError { exit(withError: error) }
        StandardError.write(String(describing: error).hasPrefix("error: ") ? "\(error)" : "error: \(error)")
        exit(withError: ExitStatus.impossible)
    }
}

/// Lines for people, beside the result on standard output.
package enum StandardError {
    package static func write(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
