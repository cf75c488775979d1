import FoundationEssentials
import LinuxSystem

/// Controllers that want the same Lease, one of them with a wrong clock.
package struct Rivals: Sendable {
    /// What the Lease says.
    package struct Holding: Hashable, Sendable {
        package let holder: String
        package let transitions: Int
        package let renewal: String

        package init(holder: String, transitions: Int, renewal: String) {
            (self.holder, self.transitions, self.renewal) = (holder, transitions, renewal)
        }
    }

    private let kubeconfig: String
    private let holding: @Sendable () async throws -> Holding?
    private let directory: TemporaryDirectory

    package init(kubeconfig: String, holding: @escaping @Sendable () async throws -> Holding?) throws {
        self.kubeconfig = kubeconfig
        self.holding = holding
        directory = try TemporaryDirectory()
    }

    /// A controller whose clock is off takes no Lease that is renewed, takes one that is not, and loses none that it renews.
    ///
    /// - Returns: What the one with the wrong clock and the last one with the right clock logged.
    package func contend(ahead lead: Duration) async throws -> (wrong: String, right: String) {
        let first = try start("first")
        try await becomesHolder("first")
        let wrong = try start("wrong", try WrongClock.environment(ahead: lead))
        try await staysHolder("first")
        try first.send(.kill)
        try await becomesHolder("wrong")
        let renewal = try await holding()?.renewal ?? ""
        let difference = try Date(renewal.prefix(19) + "Z", strategy: .iso8601).timeIntervalSinceNow
        guard abs(difference - Double(lead.components.seconds)) < 30 else {
            throw failure("the clock of 'wrong' is not as wrong as it must be: \(renewal)")
        }
        let second = try start("second")
        try await staysHolder("wrong")
        _ = try await wrong.end(grace: .seconds(10))
        // A Lease that is given back needs no waiting.
        try await becomesHolder("second")
        _ = try await second.end(grace: .seconds(10))
        return (try log("wrong"), try log("second"))
    }

    private func start(_ name: String, _ clock: [String: String] = [:]) throws -> ProcessHandle {
        var program = Program(
            try BuiltProgram.path("gabion"), ["controller", "--kubeconfig", kubeconfig, "--identity", name],
            environment: Program.ownEnvironment.merging(clock) { $1 })
        program.output = .file(directory.file(name))
        return try program.spawn()
    }

    private func log(_ name: String) throws -> String {
        try String(contentsOfFile: directory.file(name), encoding: .utf8)
    }

    private func becomesHolder(_ name: String) async throws {
        let end = ContinuousClock.now + .seconds(40)
        while try await holding()?.holder != name {
            guard ContinuousClock.now < end else { throw failure("'\(name)' does not get the Lease: \(try log(name))") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// For longer than the Lease lasts.
    private func staysHolder(_ name: String) async throws {
        let end = ContinuousClock.now + .seconds(20)
        let before = try await holding()
        while ContinuousClock.now < end {
            let now = try await holding()
            guard now?.holder == name, now?.transitions == before?.transitions else {
                throw failure("'\(name)' lost the Lease that it renews: \(String(describing: now))")
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func failure(_ what: String) -> TestProgram.Failure { TestProgram.Failure(description: what) }
}
