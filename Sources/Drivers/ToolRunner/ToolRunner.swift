import Glibc
package import LinuxSystem
import Subprocess
import SystemPackage

/// Runs short programs to their end: absolute path, argument array, clean environment, a deadline, bounded output.
package struct ToolRunner: Sendable {
    /// Where programs are looked for when a name has no slash, in this order.
    package static let directories = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    private static let environment = ["PATH": directories.joined(separator: ":"), "LC_ALL": "C.UTF-8"]

    /// Standard error beyond this is cut off with an error of its own.
    private static let errorLimit = 1 << 20

    package init() {
        _ = Self.ignoresBrokenPipes
    }

    /// A child may end before it has read its input; then writing must be an error of ours and not our end.
    private static let ignoresBrokenPipes: Bool = {
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        return true
    }()

    /// Runs `tool` and returns what it wrote.
    ///
    /// - Parameters:
    ///   - tool: A name in `directories`, or an absolute path.
    ///   - input: The program's whole standard input.
    ///   - namespace: The network namespace that it runs in.
    ///   - environment: Its whole environment; nil: a search path and a locale.
    ///   - deadline: After this the program is killed.
    ///   - outputLimit: The greatest size of its standard output in bytes.
    /// - Throws: `ToolError`, also when the program ends with another code than 0.
    @discardableResult
    package func run(
        _ tool: String, _ arguments: [String] = [], input: [UInt8] = [], in namespace: NamespaceReference = .current,
        environment: [String: String]? = nil, deadline: Duration = .seconds(10), outputLimit: Int = 64 << 20
    ) async throws -> ToolOutput {
        var path = try Self.resolve(tool)
        var allArguments = arguments
        if namespace != .current {
            allArguments = ["--net=\(namespace.path)", "--", path] + arguments
            path = try Self.resolve("nsenter")
        }
        let execution = Execution(
            path: path, arguments: allArguments, environment: environment ?? Self.environment, input: input,
            outputLimit: outputLimit, errorLimit: Self.errorLimit)
        do {
            let output = try await execution.run(deadline: deadline)
            guard output.exit == .code(0) else {
                throw ToolError(tool, arguments, .failed(output.exit, message: output.firstErrorLines))
            }
            return output
        } catch let error as SubprocessError {
            throw ToolError(tool, arguments, Task.isCancelled ? .cancelled : .notRun("\(error)"))
        } catch Execution.Late.late {
            throw ToolError(tool, arguments, .late(deadline))
        }
    }

    /// The absolute path of a program.
    private static func resolve(_ tool: String) throws -> String {
        if tool.hasPrefix("/") { return tool }
        guard !tool.isEmpty, !tool.contains("/"),
            let directory = directories.first(where: { access("\($0)/\(tool)", X_OK) == 0 })
        else {
            throw ToolError(tool, [], .notFound)
        }
        return "\(directory)/\(tool)"
    }
}
