import ArgumentParser
import FlowLog
import FlowModel
import Foundation
import KubernetesClient

/// `gabion flows`: who spoke with whom, whether they might, and why.
struct FlowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flows",
        abstract: "Show flows with names, verdicts and deciding rules, past or live.",
        discussion: """
            Asks the agents of this machine (its own, and every node of a running lab; or
            --run-dir) and says which nodes of the cluster did not answer.

              gabion flows --namespace shop --verdict denied --since 10m
              gabion flows --follow --pod shop/web -o json

            Pod, namespace, label, zone and address speak of one end of a flow, whichever;
            values of one kind are alternatives. A flow between two nodes is seen by both.

            Exit codes: 0 all nodes answered, 1 some did not, 2 none did.
            """)

    @OptionGroup var filter: FlowFilterOptions

    @OptionGroup var cluster: ClusterOption

    @Flag(help: "Go on with what happens from now on.")
    var follow = false

    @Option(help: "Of the past at most so many of each node, the latest.")
    var limit = 1000

    @Option(
        name: .customLong("run-dir"), parsing: .singleValue,
        help: ArgumentHelp("An agent's run directory; may be repeated.", valueName: "dir"))
    var runDirectories: [String] = []

    @Option(name: .shortAndLong, help: "table, json or csv.")
    var output: VerdictFormat = .table

    mutating func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit: not below 0") }
    }

    func run() async throws {
        let query = FlowQuery(
            filter: try filter.filter(now: Timestamp.now().microsecondsSince1970), limit: limit, follow: follow)
        let sources = await FlowSources.find(runDirectories, cluster)
        if follow {
            try await followAll(sources, query)
            return
        }
        let report = await FlowsReport.ask(sources, query)
        if !report.answers.isEmpty, report.answers.allSatisfy({ $0.failure != nil }) || sources.nodes.isEmpty {
            report.remarks.forEach(Self.remark)
            throw ExitStatus.impossible
        }
        Self.write(report.text(output))
        report.remarks.forEach(Self.remark)
        if report.answers.isEmpty { Self.remark("there is no agent on this machine: name its --run-dir") }
        if !report.isWhole { throw ExitStatus.finding }
    }

    /// Until all agents have ended; what one of them says does not wait for another.
    private func followAll(_ sources: FlowSources, _ query: FlowQuery) async throws {
        for (name, reason) in sources.missing { Self.remark("node \(name) is not followed: \(reason)") }
        let output = output
        if output == .csv { Self.write(FlowText.header.joined(separator: ",") + "\n") }
        await withTaskGroup(of: Void.self) { group in
            for node in sources.nodes {
                group.addTask {
                    do {
                        try await FlowClient(socket: node.socket).ask(query) { answer in
                            if case .flow(let flow) = answer { Self.write(Self.line(flow, output)) }
                        }
                    } catch {
                        Self.remark("node \(node.name) is not followed: \(error)")
                    }
                }
            }
        }
        throw ExitStatus.finding
    }

    private static func line(_ flow: FlowRecord, _ output: VerdictFormat) -> String {
        switch output {
        case .table: FlowText.followLine(flow) + "\n"
        case .json: FlowText.json(flow) + "\n"
        case .csv: CSVTable(header: FlowText.fields(flow), rows: []).text
        }
    }

    private static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    private static func remark(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
