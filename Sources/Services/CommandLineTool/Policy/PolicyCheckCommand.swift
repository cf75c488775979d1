import ArgumentParser
import Foundation
import ManifestFiles

/// `gabion policy check`: validation for people and for CI.
struct PolicyCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what the API server would refuse in manifests, with file, line and field.",
        discussion: """
            Holds every object against the rules of `gabion apiserver`, which are those of
            Kubernetes, and reports misspelt fields, which a server would drop in silence.
            Known are all built-in kinds (NetworkPolicy, Pod, Namespace, Node, Service,
            ConfigMap, HostSubnet and so on) and those of CustomResourceDefinitions among the
            manifests; objects of other kinds are passed over.

              gabion policy check -f manifests/

            Exit codes: 0 nothing found, 1 findings, 2 a file cannot be read, 64 usage.
            """)

    @OptionGroup var manifests: ManifestOptions

    @Option(name: .shortAndLong, help: "table or json.")
    var output: CheckFormat = .table

    mutating func run() async throws {
        let report: CheckReport
        do {
            report = CheckReport(try ManifestReader().read(manifests.paths))
        } catch {
            throw CommandFailure(error.description, remedy: "correct the files: they are no manifests as they stand")
        }
        FileHandle.standardOutput.write(Data(report.text(output).utf8))
        if !report.findings.isEmpty { throw ExitStatus.finding }
    }
}

enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
