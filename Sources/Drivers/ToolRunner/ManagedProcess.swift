import LinuxSystem
import Synchronization

/// A long-lived program of the lab: started again when it ends, ended with its task.
final class ManagedProcess: Sendable {
    let name: String
    private let program: Program
    private let state = Mutex(State())

    struct State: Sendable, Hashable, Codable {
        var pid: Int32?
        /// How often it was started again.
        var restarts = 0
        /// How it ended last, for people.
        var lastExit: String?
    }

    /// Output goes to the lab's log of that name.
    init(_ name: String, _ program: Program, in directory: LabDirectory) {
        self.name = name
        var program = program
        program.output = .file(directory.log(name))
        program.environment.merge(Program.ownEnvironment) { own, _ in own }
        self.program = program
    }

    var status: State { state.withLock { $0 } }

    /// Keeps the program running until the task is cancelled; then ends it and returns.
    func run() async throws {
        var pause = Duration.milliseconds(200)
        while !Task.isCancelled {
            let process = try program.spawn()
            state.withLock { $0.pid = process.pid }
            let start = ContinuousClock.now
            while process.isRunning, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
            if process.isRunning {
                // Nothing of a lab outlives it, so there is nothing to put in order.
                try process.send(.kill)
                state.withLock { $0.pid = nil }
                return
            }
            state.withLock {
                $0.pid = nil
                $0.restarts += 1
                $0.lastExit = process.status().map(\.description)
            }
            pause = ContinuousClock.now - start > .seconds(10) ? .milliseconds(200) : min(pause * 2, .seconds(2))
            try? await Task.sleep(for: pause)
        }
    }
}
