import ArgumentParser
import Lab

/// `gabion lab down`: ends a lab and removes every trace of it.
struct LabDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "End a lab and remove every trace of it.",
        discussion: """
            Ends its processes and removes its namespaces and files; also what a lab
            left that crashed. No lab of that name is no error.

              gabion lab down
              gabion lab down --name second
              gabion lab down --all
            """)

    @OptionGroup var lab: LabNameOption

    @Flag(help: "End all labs of this machine.")
    var all = false

    func run() async throws {
        let names = all ? LabDirectory.all().map(\.name) : [try lab.labName()]
        try RootCheck.require(for: "gabion lab down")
        for name in names {
            let wasThere = try await Lab.down(name)
            StandardError.write(wasThere ? "lab \(name) is gone" : "there was no lab \(name)")
        }
    }
}
