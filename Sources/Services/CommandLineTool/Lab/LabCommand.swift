import ArgumentParser
import Lab

/// `gabion lab`: a whole cluster on this machine.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Run a whole cluster on this machine: real kernel, real packets.",
        discussion: """
            Nodes, pods, the network between them and hosts outside are network
            namespaces. The API server, the controller, one agent per node and the CNI
            plugin are the real programs. Pods run their command, or answer on their
            containerPorts. Needs root, nothing else, and leaves nothing behind.

              gabion lab up -f manifests/
              gabion lab exec shop/web -- ip address
              gabion lab verify --queries questions.csv
              gabion lab down
            """,
        subcommands: [
            LabUpCommand.self, LabDownCommand.self, LabStatusCommand.self, LabExecCommand.self, LabVerifyCommand.self,
            LabDemoCommand.self,
            LabSuperviseCommand.self,
        ])
}

/// What every verb of the lab takes.
struct LabNameOption: ParsableArguments {
    @Option(
        help: "The lab's name: several labs can run beside each other.", completion: LabNameOption.completion)
    var name: String = LabName.standard.text

    /// The labs of this machine.
    static var completion: CompletionKind { .shellCommand("ls \(LabDirectory.parent) 2>/dev/null") }

    func validate() throws { _ = try Self.name(name) }

    func labName() throws -> LabName { try Self.name(name) }

    /// Throws a usage error for a text that cannot name a lab.
    static func name(_ text: String) throws -> LabName {
        do {
            return try LabName(text)
        } catch let error as LabError {
            throw ValidationError("\(error.cause). \(error.remedy)")
        }
    }
}
