import LinuxSystem
import NetworkTypes
import Synchronization
import TestSupport

/// Asks an address all the time, and knows for how long it did not answer.
final class Outage: Sendable {
    private let isOver = Mutex(false)

    /// The longest time between two answers while `body` ran and until the address answers again.
    static func measure(
        _ address: IPAddress, from client: TestNamespace, during body: () async throws -> Void
    ) async throws -> Duration {
        let outage = Outage()
        async let longest = outage.watch(address, from: client)
        do {
            try await body()
        } catch {
            outage.isOver.withLock { $0 = true }
            throw error
        }
        outage.isOver.withLock { $0 = true }
        return try await longest
    }

    private func watch(_ address: IPAddress, from client: TestNamespace) async throws -> Duration {
        try await DedicatedThread.run { [self] in
            var (longest, last) = (Duration.zero, ContinuousClock.now)
            while !isOver.withLock({ $0 }) {
                let isAnswered = try Probe.ping(from: client.reference, to: address, count: 1, wait: .milliseconds(10))
                guard isAnswered else { continue }
                longest = max(longest, ContinuousClock.now - last)
                last = .now
            }
            return max(longest, ContinuousClock.now - last)
        }
    }
}
