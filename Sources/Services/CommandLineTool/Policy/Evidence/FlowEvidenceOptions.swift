import ArgumentParser
import ClusterAPI
import FlowModel
import Foundation
import KubernetesClient

/// Where a verb takes recorded flows from.
struct FlowEvidenceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Flows seen since: 90s, 10m, 2h, 7d, or a UTC time.", valueName: "time"))
    var since: String?

    @Option(
        name: .customLong("flows"), parsing: .singleValue,
        help: ArgumentHelp(
            "Flows from a file that gabion flows -o json wrote, or - for standard input, instead of asking the nodes; may be repeated.",
            valueName: "file"), completion: .file())
    var files: [String] = []

    /// Of each node: more than a node keeps.
    private static let limit = 10_000_000

    func validate() throws {
        if let since { _ = try FlowFilterOptions.time(since, 0, "--since") }
        if files.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give --flows - once.")
        }
    }

    /// Flows of all verdicts.
    ///
    /// - Parameter usual: How far to look back when nothing is said, in microseconds; nil for all there is.
    func report(
        _ cluster: ClusterOption, usual: Int64? = nil,
        standardInput: () throws -> Data = { try FileHandle.standardInput.readToEnd() ?? Data() }
    ) async throws -> FlowsReport {
        let now = Timestamp.now().microsecondsSince1970
        var filter = FlowFilter()
        filter.since = try since.map { try FlowFilterOptions.time($0, now, "--since") } ?? usual.map { now - $0 }
        guard files.isEmpty else {
            var report = try FlowFile.read(files, standardInput: standardInput)
            for place in report.answers.indices { report.answers[place].flows.removeAll { !filter.matches($0) } }
            return report
        }
        let query = FlowQuery(filter: filter, limit: Self.limit)
        return await FlowsReport.ask(await FlowSources.find(cluster), query, patience: .seconds(120))
    }
}

extension FlowsReport {
    /// Nodes of which flows may be missing, and why; losses that a log counts are not among them.
    func gaps(in nodes: some Sequence<String>) -> [String] {
        let known = Set(answers.map(\.name))
        let silent = nodes.filter { !known.contains($0) }.sorted().map { "node \($0): nobody asked it" }
        return silent
            + answers.compactMap { answer in
                if let failure = answer.failure { return "node \(answer.name): \(failure)" }
                return answer.summary?.isComplete == true ? nil : "node \(answer.name): it has more flows than it told"
            }
    }

    /// What logs count as lost.
    var losses: [String] {
        answers.compactMap { answer in
            guard let losses = answer.summary?.losses, !losses.isNone else { return nil }
            return "node \(answer.name) did not log everything since its agent's start: \(losses.text)"
        }
    }
}
