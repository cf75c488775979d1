import LinuxSystem

/// Sends real probes, thousands at a time, from any network namespace of this machine.
///
/// Sockets are made inside the source's namespace and stay there; one thread with one epoll drives them all.
package struct Prober: Sendable {
    /// How long one attempt waits for an answer.
    package var timeout: Duration
    /// Silence counts only after this many attempts, so that a loaded machine is not read as a deny.
    package var attempts: Int
    /// How many probes are in flight at once.
    package var window: Int

    package init(timeout: Duration = .seconds(1), attempts: Int = 2, window: Int = 1500) {
        self.timeout = timeout
        self.attempts = max(1, attempts)
        self.window = max(1, window)
    }

    /// One outcome per probe, in the probes' order.
    ///
    /// Needs root. Throws only when probing itself is impossible, such as a namespace that does not exist.
    package func run(_ probes: [Probe]) async throws -> [ProbeOutcome] {
        if probes.isEmpty { return [] }
        let prober = self
        return try await DedicatedThread.run {
            try Host.raiseDescriptorLimit(to: prober.window * 2 + 4096)
            var run = try ProbeRun(probes, prober)
            return try run.finish()
        }
    }
}
