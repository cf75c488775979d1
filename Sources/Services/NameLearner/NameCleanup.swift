import FoundationEssentials

/// Takes everything of a learner that has ended off its node; what it put into the agent's sets goes with them.
package enum NameCleanup {
    package static func run(_ files: NameFiles) async throws {
        try await NamePath().remove()
        for path in files.own where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
    }
}
