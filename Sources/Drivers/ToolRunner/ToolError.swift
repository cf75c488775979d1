/// A program that could not be run, or failed.
package struct ToolError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// Not in any of `ToolRunner.directories`.
        case notFound
        case notRun(String)
        /// Killed after this time.
        case late(Duration)
        case cancelled
        /// The first lines of standard error go with it.
        case failed(ToolOutput.Exit, message: String)
    }

    package let tool: String
    package let arguments: [String]
    package let reason: Reason

    package init(_ tool: String, _ arguments: [String], _ reason: Reason) {
        self.tool = tool
        self.arguments = arguments
        self.reason = reason
    }

    package var description: String {
        let command = ([tool] + arguments).joined(separator: " ")
        return switch reason {
        case .notFound:
            "the program '\(tool)' is not in \(ToolRunner.directories.joined(separator: ", ")): install it"
        case .notRun(let why): "cannot run '\(command)': \(why)"
        case .late(let deadline): "'\(command)' was stopped after \(deadline)"
        case .cancelled: "'\(command)' was stopped because it was no longer wanted"
        case .failed(let exit, let message): "'\(command)' failed with \(exit): \(message)"
        }
    }
}
