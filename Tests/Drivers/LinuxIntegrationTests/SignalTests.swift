import Glibc
import LinuxSystem
import Testing

@Suite("Signals", .serialized)
struct SignalTests {
    @Test("a signal to the process is received, by a waiting thread and by a waiting task")
    func received() async throws {
        let listener = try SignalListener([.user1, .hangUp])
        #expect(try listener.wait(timeout: .milliseconds(10)) == nil)
        kill(getpid(), SIGUSR1)
        #expect(try listener.wait(timeout: .seconds(5)) == .user1)
        kill(getpid(), SIGHUP)
        #expect(try await listener.next() == .hangUp)
    }

    @Test("a cancelled task stops waiting")
    func cancelled() async throws {
        let listener = try SignalListener([Signal(rawValue: SIGUSR2)])
        let result = try await withThrowingTaskGroup(of: Signal?.self) { group in
            group.addTask { try await listener.next() }
            group.cancelAll()
            return try await group.next() ?? .user1
        }
        #expect(result == nil)
    }
}
