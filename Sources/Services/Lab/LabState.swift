import FoundationEssentials

/// What a running lab says about itself, in `state.json`.
package struct LabState: Codable, Hashable, Sendable {
    package var name: String
    package var supervisor: Int32
    package var topology: LabTopology
    package var processes: [Process]
    package var pods: PodSummary
    /// True once everything that `lab up` was asked for has come up.
    package var isReady: Bool

    package struct Process: Codable, Hashable, Sendable {
        package var name: String
        /// Nil while it does not run.
        package var pid: Int32?
        package var restarts: Int
        package var lastExit: String?

        package init(name: String, pid: Int32?, restarts: Int, lastExit: String? = nil) {
            self.name = name
            self.pid = pid
            self.restarts = restarts
            self.lastExit = lastExit
        }
    }

    package struct PodSummary: Codable, Hashable, Sendable {
        package var wanted: Int
        package var settled: Int
        /// What keeps pods from running, at most 20 lines.
        package var waiting: [String]
    }

    /// The state of a lab; throws with a remedy when it does not run.
    package static func read(_ directory: LabDirectory) throws -> LabState {
        try LabDirectory.requireReadable()
        guard directory.exists, FileManager.default.fileExists(atPath: directory.state) else {
            let others = LabDirectory.all().map { "\($0.name)" }.joined(separator: ", ")
            throw LabError(
                "lab \(directory.name) does not run",
                remedy: "Start it: gabion lab up --name \(directory.name)"
                    + (others.isEmpty ? "" : "; or name one that runs (--name): \(others)"))
        }
        return try JSONFile.read(from: directory.state)
    }
}
