import FoundationEssentials
import Lab
import NetworkTypes

/// One lab as `gabion lab status` shows it.
struct LabPicture {
    private let state: LabState
    private let directory: LabDirectory
    private let isAlive: Bool

    init(_ directory: LabDirectory) throws {
        self.directory = directory
        state = try LabState.read(directory)
        isAlive = (try? Lab.running(directory.name)) != nil
    }

    var isWell: Bool { isAlive && state.isReady && state.pods.settled >= state.pods.wanted }

    private var condition: String { isAlive ? (state.isReady ? "ready" : "coming up") : "crashed" }

    private var processes: [LabState.Process] {
        [LabState.Process(name: "supervisor", pid: state.supervisor, restarts: 0)] + state.processes
    }

    /// For people.
    var text: String {
        var lines = ["lab \(state.name): " + condition + (isAlive ? "" : ": gabion lab down --name \(state.name)")]
        lines.append("  kubeconfig \(directory.adminKubeconfig)")
        lines.append("  pods       \(state.pods.settled) of \(state.pods.wanted) settled")
        lines += state.pods.waiting.map { "             \($0)" }
        for process in processes {
            let pid = process.pid.flatMap { isAlive ? "pid \($0)" : nil } ?? "not running"
            let again = process.restarts == 0 ? "" : ", started again \(process.restarts)× (\(process.lastExit ?? "?"))"
            lines.append("  process    \(process.name): \(pid)\(again)")
        }
        for node in state.topology.nodes {
            let addresses = state.topology.addresses(ofNode: node.name).map(\.description).joined(separator: " ")
            lines.append("  node       \(node.name) \(addresses)")
        }
        for host in state.topology.outside {
            lines.append("  outside    \(host.name) \(host.addresses.map(\.description).joined(separator: " "))")
        }
        return lines.joined(separator: "\n")
    }

    /// For programs.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let state = String(decoding: try encoder.encode(state), as: UTF8.self)
            return JSONText.object([
                ("name", JSONText.string(self.state.name)), ("condition", JSONText.string(condition)),
                ("kubeconfig", JSONText.string(directory.adminKubeconfig)), ("state", state),
            ])
        }
    }
}
