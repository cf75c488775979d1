import FoundationEssentials
import LinuxSystem

/// The clock of a machine without time service, for programs that a test starts: it is off by so much.
///
/// Only the time of day is wrong; the monotonic clock, by which programs measure, is right, as on such a machine.
/// Debian's `faketime` does it; programs find it by the environment.
package enum WrongClock {
    private static let program = "/usr/bin/faketime"

    /// Runs `body` with the environment of programs whose clock is off by `offset`: `+10m`, `-10m`, `+20y`.
    package static func with<Result>(
        _ offset: String, _ body: (_ environment: [String: String]) async throws -> Result
    ) async throws -> Result {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw TestProgram.Failure(description: "\(program) is missing: install the package faketime")
        }
        // What keeps the clock removes what it shares with the programs when its own program ends.
        let keeper = try Program(
            program, ["--exclude-monotonic", "-f", offset, "/bin/sleep", "1000"], environment: Program.ownEnvironment
        ).spawn()
        do {
            let (sleeper, environment) = try await clock(of: keeper)
            let result = try await body(environment)
            try sleeper.send(.terminate)
            _ = try await keeper.exit(within: .seconds(5))
            return result
        } catch {
            if let (sleeper, _) = try? await clock(of: keeper) { try? sleeper.send(.terminate) }
            _ = try await keeper.exit(within: .seconds(5))
            throw error
        }
    }

    /// Its program, and what that was told.
    private static func clock(
        of keeper: ProcessHandle
    ) async throws -> (sleeper: ProcessHandle, environment: [String: String]) {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            let children = try? String(
                contentsOfFile: "/proc/\(keeper.pid)/task/\(keeper.pid)/children", encoding: .utf8)
            if let child = children?.split(separator: " ").first.flatMap({ Int32($0) }) {
                let own = (try? String(contentsOfFile: "/proc/\(child)/environ", encoding: .utf8)) ?? ""
                let entries = own.split(separator: "\0").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
                let environment = Dictionary(
                    entries.filter { $0.count == 2 && ($0[0].contains("FAKE") || $0[0] == "LD_PRELOAD") }
                        .map { ($0[0], $0[1]) }
                ) { first, _ in first }
                if environment["FAKETIME_SHARED"] != nil, environment["LD_PRELOAD"] != nil {
                    return (try ProcessHandle(pid: child), environment)
                }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestProgram.Failure(description: "\(program) has not started within 10 s")
    }
}
