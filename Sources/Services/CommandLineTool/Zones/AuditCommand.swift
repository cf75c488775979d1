import ArgumentParser

/// `gabion audit`: evidence for those who review.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Collect evidence for reviewers.",
        discussion: """
            Writes what a compliance reviewer wants to see, from manifests or from the
            API of a cluster.

              gabion audit zones -f manifests/ -o html > zones.html
            """,
        subcommands: [AuditZonesCommand.self])
}

/// `gabion audit zones`.
struct AuditZonesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zones",
        abstract: "Show how zones are kept apart, every hole, and whether that holds.",
        usage: "gabion audit zones [-f <path> ...] [--at <time>] [-o <format>]",
        discussion: """
            The posture between zones; every hole with its owner, its reason and when it
            expires; who changed what, as far as it is recorded; pods that belong to no
            zone or to two; and a proof: for every pair of zones, whether the verdicts
            of the policy engine agree with what the zones say.

              gabion audit zones -f manifests/
              gabion audit zones --lab lab -o html > zones.html

            Exit codes: 0 fine; 1 an error was found, or the proof fails; 2 the input
            cannot be read; 64 the command line is wrong.
            """)

    @OptionGroup var source: ZoneSource

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the evidence.", valueName: "format"))
    var output: AuditFormat = .table

    mutating func run() async throws {
        let world = try await source.world()
        for warning in world.warnings { StandardError.write("warning: \(warning)") }
        let audit = ZoneAudit(world)
        switch output {
        case .table: StandardOutput.write(audit.text)
        case .json: StandardOutput.write(audit.json)
        case .html: StandardOutput.write(audit.html)
        }
        if audit.hasErrors { throw ExitStatus.finding }
    }
}

/// How a verb writes evidence.
enum AuditFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, html
}
