import ArgumentParser
import Lab

/// `gabion status`: how the parts of Gabion in one cluster are.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the parts of Gabion are in one cluster.",
        usage: "gabion status [--kubeconfig <file> | --lab <name>] [<options>]",
        discussion: """
            Asks the API server about the controller, nodes, pods, policies and egress
            addresses (at which node each is, or why at none), and reads what this
            machine's agents of that cluster say about themselves.
            What gives no answer is listed too. Other clusters and labs of this
            machine have no say.

              gabion status                 # the cluster of KUBECONFIG
              gabion status --lab lab       # a lab
              gabion status -o json         # for programs

            Exit codes: 0 everything works, 1 something does not, 2 nothing answers.
            """)

    @OptionGroup var cluster: ClusterOption

    @Option(
        name: .customLong("run-dir"), parsing: .singleValue,
        help: ArgumentHelp(
            "Ask the agent with this run directory, instead of the cluster's agents; may be repeated.",
            valueName: "dir"), completion: .directory)
    var runDirectories: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the status.", valueName: "format"))
    var output: ListFormat = .table

    func run() async throws {
        let status = await ClusterStatus.ask(cluster)
        let asked = AskedCluster(try? cluster.configuration())
        let directories = runDirectories.isEmpty ? asked.agentDirectories(nodes: status.nodes) : runDirectories
        var findings = status.lines + directories.map { AgentReport.line($0) }
        if let lab = asked.lab, let state = try? LabState.read(lab) {
            findings.append(StatusLine.lab(state, isAlive: (try? Lab.running(lab.name)) != nil))
        }
        switch output {
        case .table: StandardOutput.write(findings.map { $0.text + "\n" }.joined())
        case .json: StandardOutput.write(JSONText.list(findings.map(\.json)))
        }
        if asked.lab == nil, runDirectories.isEmpty {
            let unasked = AgentReport.unasked(nodes: status.nodes ?? [], directories: directories)
            if let unasked { StandardError.write(unasked) }
        }
        if !status.remedy.isEmpty { StandardError.write("remedy: \(status.remedy)") }
        if !asked.otherLabs.isEmpty {
            let names = asked.otherLabs.map { "\($0.name)" }.joined(separator: ", ")
            StandardError.write("Not part of this cluster: lab \(names). Ask with gabion status --lab NAME.")
        }
        if findings.allSatisfy({ $0.condition == .silent }) { throw ExitStatus.impossible }
        if findings.contains(where: { $0.condition != .well }) { throw ExitStatus.finding }
    }
}
