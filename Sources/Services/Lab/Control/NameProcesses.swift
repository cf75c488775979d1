import FoundationEssentials
import ToolRunner

/// `gabion names` on every node, from the first policy on that mentions a name: most labs have none.
struct NameProcesses: Sendable {
    let directory: LabDirectory
    let nodes: [String]
    let processes: [ManagedProcess]

    /// Until the task is cancelled.
    func run() async throws {
        while !nodes.contains(where: { FileManager.default.fileExists(atPath: directory.nameOrders($0)) }) {
            try await Task.sleep(for: .milliseconds(50))
        }
        try await withThrowingDiscardingTaskGroup { group in
            for process in processes { group.addTask { try await process.run() } }
        }
    }
}
