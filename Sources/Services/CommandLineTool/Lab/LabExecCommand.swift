import ArgumentParser
import Lab
import LinuxSystem

/// `gabion lab exec`: a command where a pod, a node or an outside host is.
struct LabExecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command in the network of a pod, node or outside host.",
        usage: "gabion lab exec [--name <name>] <place> -- <command> ...",
        discussion: """
            The command is a program of this machine: it sees the machine's files, and
            the network and the names of the place. Its exit code is the exit code.

              gabion lab exec shop/web -- ip address
              gabion lab exec shop/web -- curl -m2 http://10.128.2.2:8080
              gabion lab exec node/node-1 -- nft list table inet gabion
              gabion lab exec outside/internet -- ip route
            """)

    @OptionGroup var lab: LabNameOption

    @Argument(help: "NAMESPACE/POD, node/NAME or outside/NAME.")
    var place: String

    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("There is no command; write it after --.") }
    }

    func run() async throws {
        try RootCheck.require(for: "gabion lab exec")
        let lab = try Lab.running(try lab.labName())
        var program = Program(
            try Self.path(of: command[0]), Array(command.dropFirst()), environment: Program.ownEnvironment)
        program.namespace = try await lab.namespace(of: place)
        program.resolverFile = lab.resolverFile(of: place)
        (program.input, program.output, program.ownSession) = (.inherit, .inherit, false)
        let status = try await program.spawn().exit(within: nil)
        switch status {
        case .code(let code): throw ExitCode(code)
        case .signal(let signal): throw ExitCode(128 + signal.rawValue)
        case .unknown, nil: throw ExitStatus.impossible
        }
    }

    /// Where a shell would find the program.
    private static func path(of program: String) throws -> String {
        if program.contains("/") { return program }
        let folders = (Environment.value(of: "PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin").split(separator: ":")
        let paths = folders.map { "\($0)/\(program)" }
        guard let found = paths.first(where: { (try? OwnedDescriptor.open($0)) != nil }) else {
            throw CommandFailure(
                "there is no program '\(program)' on this machine", remedy: "Install it, or name its path.")
        }
        return found
    }
}
