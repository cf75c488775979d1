import ArgumentParser
import ClusterAPI
import Foundation
import Lab
import ManifestFiles
import ServiceVerdicts

/// `gabion lab verify`: the same questions to the engine and to the network.
struct LabVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Ask the engine and the network the same questions, and compare.",
        usage: "gabion lab verify --queries <file> [-f <path> ...] [<options>]",
        discussion: """
            The queries are the same CSV as of gabion policy verdicts, with pods, nodes,
            services and addresses. The answer adds verdict and rule, from the engine,
            and observed, from packets sent for the purpose: allow, deny, or unprobed when
            nobody in the lab has that address (which is no difference). A service with
            endpoints that are allowed and others that are not is denied; it is asked so
            often that both are met, and observed is partly. The verdicts are of what the
            API server holds now; with -f, of these policies.

              gabion lab verify --queries questions.csv
              gabion lab verify --queries questions.csv -o json

            Exit codes: 0 all agree, 1 verdict and observation differ somewhere, 2 it
            could not be done, 64 the command line is wrong.
            """)

    @OptionGroup var lab: LabNameOption

    @Option(
        help: ArgumentHelp("The questions: a CSV file, or - for standard input.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var queries: String

    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .singleValue,
        help: ArgumentHelp(
            "Judge by these manifests instead of the API's objects; may be repeated.", valueName: "path"),
        completion: .file())
    var file: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How to write the answer; by default table on a terminal, else csv.", valueName: "format"))
    var output: VerdictFormat?

    @Option(
        help: ArgumentHelp(
            "After how long silence counts as deny; each question is asked twice.", valueName: "milliseconds"))
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
        let questions = try FlowQueries(
            path: queries, standardInput: { try FileHandle.standardInput.readToEnd() ?? Data() })
        var snapshot = try await lab.snapshot()
        if !file.isEmpty { snapshot = try snapshot.under(try ManifestReader().read(file).map(\.value)) }
        try questions.requirePods(
            Set(snapshot.pods.map(\.key)), file: queries, manifests: "lab \(lab.directory.name)")
        let entrances = try await lab.entrances(for: questions.questions, snapshot.services)
        let judge = snapshot.judge(entrances: entrances)
        for problem in judge.problems { StandardError.write("warning: \(problem)") }
        let judgements = try questions.judgements(by: judge, file: queries)
        StandardError.write("asking \(judgements.count) connections")
        let answers = try await lab.verify(
            judgements, snapshot, entrances, prober: Prober(timeout: .milliseconds(timeout)))
        let report = VerificationReport(questions.table, answers)
        StandardOutput.write(report.text(output ?? .usual))
        StandardError.write(report.summary)
        if report.differences > 0 { throw ExitStatus.finding }
    }
}
