import ArgumentParser
import FoundationEssentials
import Lab
import LinuxSystem
import NameLearner

/// `gabion dns names`: what was learned on this machine's nodes.
struct LearnedNamesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "names",
        abstract: "Show what pods were told about names that policies mention.",
        usage: "gabion dns names [--run-dir <dir> | --lab <name>] [<options>]",
        discussion: """
            Each line is an address that a pod was told of a name: policies that allow the
            name let the pod go there. It lasts as long as the answer said, and while a
            connection uses it.

              gabion dns names                        # of this node
              gabion dns names --lab lab --node node-1
              gabion dns names -o json                # for programs

            Exit codes: 0 all is well, 1 something was refused or fails, 2 there is no
            learner.
            """)

    @Option(
        name: .customLong("run-dir"), help: ArgumentHelp("The agent's run directory.", valueName: "dir"),
        completion: .directory)
    var runDirectory: String?

    @Option(help: ArgumentHelp("The nodes of this lab.", valueName: "name"), completion: LabNameOption.completion)
    var lab: String?

    @Option(name: .customLong("node"), help: ArgumentHelp("Only this node of the lab.", valueName: "name"))
    var node: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the list.", valueName: "format"))
    var output: ListFormat = .table

    func validate() throws {
        if let lab { _ = try LabNameOption.name(lab) }
        if lab != nil, runDirectory != nil { throw ValidationError("give --run-dir or --lab, not both") }
        if node != nil, lab == nil { throw ValidationError("--node is for a lab's nodes: say which lab with --lab") }
    }

    func run() async throws {
        let reports = try places().map { LearnedNamesReport(node: $0.node, NameFiles(directory: $0.directory)) }
        guard reports.contains(where: { $0.status != nil }) else {
            throw CommandFailure(
                "nothing was learned: no gabion names has run in \(try places().map(\.directory).joined(separator: ", "))",
                remedy: "Start gabion names with the agent's --run-dir; it is needed once a policy mentions a name.")
        }
        switch output {
        case .table: StandardOutput.write(LearnedNamesReport.text(reports, at: Host.secondsSinceBoot))
        case .json: StandardOutput.write(JSONText.list(reports.map { $0.json(at: Host.secondsSinceBoot) }))
        }
        if !reports.allSatisfy(\.isWell) { throw ExitStatus.finding }
    }

    private func places() throws -> [(node: String, directory: String)] {
        guard let lab else { return [("", runDirectory ?? "/run/gabion")] }
        let directory = LabDirectory(try LabName(lab))
        let nodes = try LabState.read(directory).topology.nodes.map(\.name)
        if let node, !nodes.contains(node) {
            throw CommandFailure(
                "lab \(lab) has no node \(node)", remedy: "Its nodes are \(nodes.joined(separator: ", ")).")
        }
        return nodes.filter { node == nil || $0 == node }.map { ($0, directory.nodeRun($0)) }
    }
}
