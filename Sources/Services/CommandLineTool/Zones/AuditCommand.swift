import ArgumentParser
import Lab

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
        usage: "gabion audit zones [-f <path> ...] [--audit-log <file> ...] [<options>]",
        discussion: """
            The posture between zones; every hole with its owner, its reason and when it
            expires; who changed what, as far as it is recorded; pods that belong to no
            zone or to two; and a proof: for every pair of zones, whether the verdicts
            of the policy engine agree with what the zones say.

            Who changed what comes from the audit log of the API server, of gabion
            apiserver or Kubernetes: each change with its user and what it did to the
            zone, and what the zones say now that no request of the log explains.
            Give older files, too, and unpack them; a lab's log is found by itself.

              gabion audit zones -f manifests/
              gabion audit zones --lab lab -o html > zones.html
              gabion audit zones --audit-log audit.log audit.log.1 -o json

            Exit codes: 0 fine; 1 an error was found, or the proof fails; 2 the input
            cannot be read; 64 the command line is wrong.
            """)

    @OptionGroup var source: ZoneSource

    @Option(
        name: .customLong("audit-log"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Audit logs of the API server (audit.k8s.io, JSON lines), or - for standard input.", valueName: "file"),
        completion: .file())
    var auditLogs: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the evidence.", valueName: "format"))
    var output: AuditFormat = .table

    func validate() throws {
        if (auditLogs + source.paths).filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give - once.")
        }
    }

    mutating func run() async throws {
        let world = try await source.world()
        for warning in world.warnings { StandardError.write("warning: \(warning)") }
        let files = auditLogs.isEmpty && source.paths.isEmpty ? source.cluster.labDirectory?.auditLogs ?? [] : auditLogs
        let log = files.isEmpty ? nil : ZoneLog(try AuditLogFiles.read(files), files: files, world)
        let audit = ZoneAudit(world, log: log)
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
