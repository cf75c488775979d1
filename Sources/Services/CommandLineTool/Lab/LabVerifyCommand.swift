import ArgumentParser
import ClusterAPI
import Foundation
import Lab
import ManifestFiles

/// `gabion lab verify`: the same questions to the engine and to the network.
struct LabVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Ask the engine and the real network the same questions, and compare.",
        discussion: """
            The queries are the same CSV as of gabion policy verdicts. The answer adds verdict and
            rule, from the engine, and observed, from packets sent for the purpose: allow, deny, or
            unprobed when the lab has nobody with that address (no difference then). The verdicts
            are of what the API server holds now; with -f, of these manifests.

              gabion lab verify --queries questions.csv -o table

            Exit codes: 0 all agree, 1 verdict and observation differ somewhere, 2 not possible.
            """)

    @OptionGroup var lab: LabNameOption

    @Option(help: ArgumentHelp("The questions: a CSV file, or - for standard input.", valueName: "file"))
    var queries: String

    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .singleValue,
        help: ArgumentHelp("Judge by these manifests instead of the API's objects; may be repeated.", valueName: "path")
    )
    var file: [String] = []

    @Option(name: .shortAndLong, help: "csv, json or table; by default table on a terminal, else csv.")
    var output: VerdictFormat?

    @Option(help: ArgumentHelp("How long silence lasts before it is a deny; asked twice.", valueName: "milliseconds"))
    var timeout: Int = 1000

    func validate() throws {
        guard (50...60_000).contains(timeout) else { throw ValidationError("--timeout must be within 50…60000.") }
        if queries == "-", file.contains("-") {
            throw ValidationError("Standard input can be read once: -f - or --queries -, not both.")
        }
    }

    func run() async throws {
        try RootCheck.require(for: "gabion lab verify")
        let lab = try Lab.running(try lab.labName())
        let questions = try Self.read(queries)
        var snapshot = try await lab.snapshot()
        if !file.isEmpty { snapshot = try snapshot.under(try ManifestReader().read(file).map(\.value)) }
        try questions.requirePods(
            Set(snapshot.pods.map(\.key)), file: queries, manifests: "lab \(lab.directory.name)")
        let answers = try await lab.verify(
            questions.flows, snapshot, prober: Prober(timeout: .milliseconds(timeout)))
        let report = VerificationReport(questions.table, answers)
        let format = output ?? (isatty(STDOUT_FILENO) == 1 ? .table : .csv)
        FileHandle.standardOutput.write(Data(report.text(format).utf8))
        StandardError.write(report.summary)
        if report.differences > 0 { throw ExitStatus.finding }
    }

    private static func read(_ path: String) throws -> FlowQueries {
        do {
            let data =
                path == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: path))
            return try FlowQueries(parsing: String(decoding: data, as: UTF8.self), file: path)
        } catch let error as QueryErrors {
            throw error
        } catch {
            throw CommandFailure(
                "the queries \(path) cannot be read: \(error.localizedDescription)",
                remedy: "name a CSV file with --queries, or - for standard input")
        }
    }
}
