import ArgumentParser
import Lab

/// `gabion lab`: a whole cluster on this machine.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Run a whole multi-node cluster on this machine: real kernel, real packets.",
        discussion: """
            Nodes, pods, the network between them and hosts outside are network namespaces. The API
            server, the controller, one agent per node and the CNI plugin are the real programs.
            Pods run their command, or answer on their containerPorts. Needs root.

              gabion lab up --nodes 2 -f examples/demo/colors.yaml
              gabion lab exec colors/green -- ping -c1 10.128.2.2
              gabion lab verify --queries questions.csv     # verdict against observation
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
    @Option(help: "The lab's name: several labs can run beside each other.")
    var name: String = LabName.standard.text

    func labName() throws -> LabName {
        do {
            return try LabName(name)
        } catch let error as LabError {
            throw ValidationError("\(error.cause). \(error.remedy)")
        }
    }
}
