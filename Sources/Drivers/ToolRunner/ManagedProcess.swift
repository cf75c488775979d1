package import LinuxSystem
import Synchronization

/// A long-lived program: started again when it ends, ended with its task.
package final class ManagedProcess: Sendable {
    package let name: String
    private let program: Program
    private let grace: Duration
    private let current = Mutex(State())

    package struct State: Sendable, Hashable, Codable {
        package var pid: Int32?
        /// How often it was started again.
        package var restarts = 0
        /// How it ended last, for people.
        package var lastExit: String?

        package init() {}
    }

    /// - Parameters:
    ///   - program: in the environment of this process, besides its own.
    ///   - grace: how long it has to end in order; without any it is killed at once.
    package init(_ name: String, _ program: Program, grace: Duration = .zero) {
        self.name = name
        self.grace = grace
        var program = program
        program.environment.merge(Program.ownEnvironment) { own, _ in own }
        self.program = program
    }

    package var status: State { current.withLock { $0 } }

    /// Keeps the program running until the task is cancelled; then ends it and returns.
    package func run() async throws {
        var pause = Duration.milliseconds(200)
        while !Task.isCancelled {
            let process = try program.spawn()
            current.withLock { $0.pid = process.pid }
            let start = ContinuousClock.now
            while process.isRunning, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
            if process.isRunning {
                if grace == .zero { try process.send(.kill) } else { _ = try await process.end(grace: grace) }
                current.withLock { $0.pid = nil }
                return
            }
            current.withLock {
                $0.pid = nil
                $0.restarts += 1
                $0.lastExit = process.status().map(\.description)
            }
            pause = ContinuousClock.now - start > .seconds(10) ? .milliseconds(200) : min(pause * 2, .seconds(2))
            try? await Task.sleep(for: pause)
        }
    }
}
