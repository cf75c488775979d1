import ArgumentParser
import Lab

/// `gabion lab down`: ends a lab and removes every trace of it.
struct LabDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "End a lab and remove every trace of it, also of one that crashed.")

    @OptionGroup var lab: LabNameOption

    @Flag(help: "All labs of this machine.")
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
