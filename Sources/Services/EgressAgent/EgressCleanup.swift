import FoundationEssentials
package import Logging

/// Takes everything of egress addresses off a node: the addresses, the rules and the files.
package enum EgressCleanup {
    package static func run(runDirectory: String, logger: Logger) async throws {
        try await EgressKernel(runDirectory: runDirectory, clock: EgressClock(), logger: logger).removeEverything()
        if (try? FileManager.default.contentsOfDirectory(atPath: runDirectory))?.isEmpty == true {
            try FileManager.default.removeItem(atPath: runDirectory)
        }
    }
}
