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
        let text = CommandFailure(error).description
        StandardError.write(text.hasPrefix("error: error: ") ? String(text.dropFirst(7)) : text)
        exit(withError: ExitStatus.impossible)
    }
}

/// The result of a verb: written at once, so that what standard error says stands where it belongs.
package enum StandardOutput {
    package static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}

/// Lines for people, beside the result on standard output.
package enum StandardError {
    package static func write(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// A line for who still waits by then; none if the task is cancelled before.
    static func write(_ line: String, after time: Duration) async {
        guard (try? await Task.sleep(for: time)) != nil else { return }
        write(line)
    }
}
