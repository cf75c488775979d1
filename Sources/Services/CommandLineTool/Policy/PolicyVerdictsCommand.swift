import ArgumentParser
import Foundation
import ManifestFiles

/// `gabion policy verdicts`: answers a table of questions from manifests alone.
struct PolicyVerdictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verdicts",
        abstract: "Say for each connection in a table whether policies allow it, and which rule decides.",
        discussion: """
            The manifests describe pods (with status.podIP), namespaces, nodes and policies. The
            queries are CSV whose header names from, to, protocol and port, in any order; other
            columns are kept. from and to are namespace/pod or an IP address. The answer repeats
            the columns and adds verdict (allow or deny) and rule.

              gabion policy verdicts -f manifests/ --queries questions.csv
              kubectl get pods,ns,nodes,networkpolicies -A -o yaml | \\
                gabion policy verdicts -f - --queries questions.csv -o json

            Exit codes: 0 answered, 2 bad input (nothing is printed to standard output), 64 usage.
            """)

    @OptionGroup var manifests: ManifestOptions

    @Option(help: ArgumentHelp("The questions: a CSV file, or - for standard input.", valueName: "file"))
    var queries: String

    @Option(name: .shortAndLong, help: "csv, json or table; by default table on a terminal, else csv.")
    var output: VerdictFormat?

    mutating func validate() throws {
        if queries == "-", manifests.paths.contains("-") {
            throw ValidationError("Standard input can be read once: -f - or --queries -, not both.")
        }
    }

    mutating func run() async throws {
        let report = try VerdictReport(
            paths: manifests.paths, queries: queries, reader: ManifestReader(),
            standardInput: { try FileHandle.standardInput.readToEnd() ?? Data() })
        for warning in report.warnings { StandardError.write("warning: \(warning)") }
        let format = output ?? (isatty(STDOUT_FILENO) == 1 ? .table : .csv)
        FileHandle.standardOutput.write(Data(report.text(format).utf8))
    }
}

enum VerdictFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, json, table
}
