import ArgumentParser
import Foundation
import ManifestFiles

/// `gabion policy check`: validation for people and for CI.
struct PolicyCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what the API server would refuse, with file, line and field.",
        usage: "gabion policy check -f <path> ... [-o <format>] [--fail-on-warnings]",
        discussion: """
            Holds every object against the rules of gabion apiserver, which are those of
            Kubernetes, and reports misspelt fields, which a server would drop in silence.
            Known are all built-in kinds (policies of all tiers, Zone, Pod, Namespace,
            Node, Service, HostSubnet and so on) and those of CustomResourceDefinitions in
            the manifests; objects of other kinds are passed over.

              gabion policy check -f manifests/
              gabion policy check -f policy.yaml -o json

            Warns of policies and zones that a server accepts and that are probably not
            meant: selectors that match nothing among the pods and nodes given, rules that
            another rule makes needless, directions closed or opened by accident, rules
            open to the internet, blocks that overlap, priorities that two policies share,
            zones that overlap or leave pods out, holes from nowhere, namespaces with no
            default deny.

            Exit codes: 0 no error, 1 an error (with --fail-on-warnings, a warning too),
            2 a file cannot be read, 64 the command line is wrong.
            """)

    @OptionGroup var manifests: ManifestOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write what was found.", valueName: "format"))
    var output: ListFormat = .table

    @Flag(help: "End with 1 on warnings, too.")
    var failOnWarnings = false

    mutating func run() async throws {
        let report = CheckReport(try ManifestReader().read(manifests.paths))
        if report.policyCount == 0, report.zoneCount == 0 {
            StandardError.write("warning: there is no policy and no zone in \(manifests.paths.joined(separator: " "))")
        }
        StandardOutput.write(report.text(output))
        if !report.findings.isEmpty || failOnWarnings && !report.warnings.isEmpty { throw ExitStatus.finding }
    }
}
