import ArgumentParser
import Lab
import LinuxSystem
import NetworkTypes

/// `gabion lab status`: the labs of this machine, and what does not work in them.
struct LabStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the labs of this machine: processes, nodes, pods.",
        discussion: """
              gabion lab status
              gabion lab status --name lab -o json

            Exit codes: 0 everything works, 1 something of a lab does not, 2 there is no
            lab.
            """)

    @Option(help: "Only the lab of this name.", completion: LabNameOption.completion)
    var name: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the status.", valueName: "format"))
    var output: ListFormat = .table

    func validate() throws { if let name { _ = try LabNameOption.name(name) } }

    func run() async throws {
        let labs = try name.map { [LabDirectory(try LabName($0))] } ?? LabDirectory.all()
        guard !labs.isEmpty else {
            try LabDirectory.requireReadable()
            throw CommandFailure("no lab runs on this machine", remedy: "Start one: gabion lab up -f MANIFESTS")
        }
        let pictures = try labs.map(LabPicture.init)
        switch output {
        case .table: for picture in pictures { print(picture.text) }
        case .json: print(JSONText.list(try pictures.map { try $0.json }), terminator: "")
        }
        if !pictures.allSatisfy(\.isWell) { throw ExitStatus.finding }
    }
}
