import ArgumentParser
import Lab

/// The process behind a running lab; `lab up` starts it.
struct LabSuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Be the supervisor of a lab (started by lab up).",
        discussion: """
            The parent of every process of the lab; nothing for people to call.
            """,
        shouldDisplay: false)

    @Argument(help: "The lab's name.")
    var name: String

    func run() async throws {
        try RootCheck.require(for: "gabion lab supervise")
        try await Supervisor(LabName(name)).run()
    }
}
