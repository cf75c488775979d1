import ArgumentParser
import ClusterAPI
import FlowLog
import FlowModel
import KubernetesClient

/// `gabion flows`: who spoke with whom, whether they might, and why.
struct FlowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flows",
        abstract: "Show who speaks with whom, whether they may, and by which rules.",
        usage: "gabion flows [--kubeconfig <file> | --lab <name>] [<filters>] [--follow]",
        discussion: """
            Asks all agents of one cluster, and says which of its nodes did not answer:
            those of this machine (all nodes of a lab) by their sockets, others by TLS,
            if they run with --flow-listen and the kubeconfig has a client certificate
            of system:masters or gabion:readers.

              gabion flows --namespace shop --verdict denied --since 10m
              gabion flows --follow --pod shop/web -o json
              gabion flows --staged differs

            Pod, namespace, label, zone and address speak of one end of a flow,
            whichever. Options may be repeated: values of one kind are alternatives,
            but every label selector must hold. A flow between two nodes is seen by
            both.

            Exit codes: 0 all nodes answered, 1 some did not, 2 none did.
            """)

    @OptionGroup var filter: FlowFilterOptions

    @OptionGroup var cluster: ClusterOption

    @Flag(help: "Go on with what happens from now on.")
    var follow = false

    @Option(help: ArgumentHelp("Of the past at most so many of each node, the latest.", valueName: "count"))
    var limit = 1000

    @Option(
        name: .customLong("run-dir"), parsing: .singleValue,
        help: ArgumentHelp(
            "Ask the agent with this run directory, instead of the cluster's agents; may be repeated.",
            valueName: "dir"), completion: .directory)
    var runDirectories: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How to write the flows; by default table on a terminal, else csv.", valueName: "format"))
    var output: VerdictFormat?

    mutating func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit: not below 0") }
    }

    func run() async throws {
        let query = FlowQuery(
            filter: try filter.filter(now: Timestamp.now().microsecondsSince1970), limit: limit, follow: follow)
        let sources =
            runDirectories.isEmpty
            ? await FlowSources.find(cluster) : FlowSources(runDirectories: runDirectories)
        if follow {
            try await followAll(sources, query)
            return
        }
        let report = await FlowsReport.ask(sources, query)
        if !report.answers.isEmpty, report.answers.allSatisfy({ $0.failure != nil }) || sources.nodes.isEmpty {
            report.remarks.forEach(StandardError.write)
            throw ExitStatus.impossible
        }
        StandardOutput.write(report.text(output ?? .usual))
        report.remarks.forEach(StandardError.write)
        if report.answers.isEmpty { StandardError.write("there is no agent on this machine: name its --run-dir") }
        if !report.isWhole { throw ExitStatus.finding }
    }

    /// Until all agents have ended; what one of them says does not wait for another.
    private func followAll(_ sources: FlowSources, _ query: FlowQuery) async throws {
        for (name, reason) in sources.missing { StandardError.write("node \(name) is not followed: \(reason)") }
        let output = output ?? .usual
        switch output {
        case .csv: StandardOutput.write(FlowText.header.joined(separator: ",") + "\n")
        case .table: StandardOutput.write(FlowText.followHeader + "\n")
        case .json: break
        }
        await withTaskGroup(of: Void.self) { group in
            for node in sources.nodes {
                group.addTask {
                    do {
                        try await FlowClient(at: node.place).ask(query) { answer in
                            if case .flow(let flow) = answer { StandardOutput.write(Self.line(flow, output)) }
                        }
                    } catch {
                        StandardError.write("node \(node.name) is not followed: \(error)")
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

}
