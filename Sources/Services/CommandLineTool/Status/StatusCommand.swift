import ArgumentParser
import Lab
import NodeAgent

/// `gabion status`: what of Gabion works on this machine and in its cluster.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the parts of Gabion are: API server, controller, agents, pods, policies.",
        discussion: """
            Asks the API server, and reads what the agents of this machine say about themselves
            (--run-dir, or every node of the running lab). What does not answer is said to.

            Exit codes: 0 everything works, 1 something does not, 2 nothing could be asked.
            """)

    @OptionGroup var cluster: ClusterOption

    @Option(
        name: .customLong("run-dir"), parsing: .singleValue,
        help: ArgumentHelp("An agent's run directory; may be repeated.", valueName: "dir"))
    var runDirectories: [String] = []

    @Option(name: .shortAndLong, help: "table or json.")
    var output: CheckFormat = .table

    func run() async throws {
        let directories = runDirectories.isEmpty ? Self.agentDirectories() : runDirectories
        var findings: [StatusLine] = await ClusterStatus.lines(cluster)
        findings += directories.map(AgentReport.line)
        for lab in LabDirectory.all() {
            guard let state = try? LabState.read(lab) else { continue }
            findings.append(StatusLine.lab(state, isAlive: (try? Lab.running(lab.name)) != nil))
        }
        switch output {
        case .table: for line in findings { print(line.text) }
        case .json: print(JSONText.list(findings.map(\.json)), terminator: "")
        }
        if findings.allSatisfy({ $0.condition == .silent }) { throw ExitStatus.impossible }
        if findings.contains(where: { $0.condition != .well }) { throw ExitStatus.finding }
    }

    /// The agent of this node, and those of the labs.
    private static func agentDirectories() -> [String] {
        let labs = LabDirectory.all().flatMap { lab -> [String] in
            let nodes = (try? LabState.read(lab))?.topology.nodes ?? []
            return nodes.map { lab.nodeRun($0.name) }
        }
        return AgentReport.exists(in: AgentReport.standardDirectory) ? [AgentReport.standardDirectory] + labs : labs
    }
}

/// One part of Gabion, and how it is.
struct StatusLine {
    enum Condition: String {
        case well = "ok"
        case unwell = "NOT OK"
        case silent = "no answer"
    }

    let part: String
    let condition: Condition
    let detail: String
    /// An agent's counters of drops.
    var drops: [String: DropCount] = [:]

    /// One JSON object; `drops` only for a part that counts them.
    var json: String {
        var members = [
            ("part", JSONText.string(part)), ("condition", JSONText.string(condition.rawValue)),
            ("detail", JSONText.string(detail)),
        ]
        if !drops.isEmpty {
            let counts = drops.sorted { $0.key < $1.key }.map { name, count in
                (name, JSONText.object([("packets", "\(count.packets)"), ("bytes", "\(count.bytes)")]))
            }
            members.append(("drops", JSONText.object(counts)))
        }
        return JSONText.object(members)
    }

    var text: String {
        let state = condition.rawValue
        return part.padded(to: 24) + state.padded(to: 11) + detail
    }

    static func lab(_ state: LabState, isAlive: Bool) -> StatusLine {
        let pods = "\(state.pods.settled) of \(state.pods.wanted) pods settled"
        let again = state.processes.filter { $0.restarts > 0 }.map { "\($0.name) started again \($0.restarts)×" }
        let isWell = isAlive && state.isReady && state.pods.settled == state.pods.wanted
        return StatusLine(
            part: "lab \(state.name)", condition: isAlive ? (isWell ? .well : .unwell) : .silent,
            detail: ([isAlive ? pods : "its supervisor is gone: gabion lab down --name \(state.name)"] + again)
                .joined(separator: "; "))
    }
}

extension String {
    /// At least `width` characters, and one space.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(1, width - count))
    }
}
