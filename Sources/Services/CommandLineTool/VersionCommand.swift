import ArgumentParser

/// `gabion version`: what this binary is, in a line that scripts can read.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of Gabion.",
        discussion: """
            One line, for people and scripts: gabion MAJOR.MINOR.PATCH
            """)

    func run() throws {
        print("gabion \(GabionVersion.text)")
    }
}
