import CLinux
import Glibc
import Synchronization

/// A process, held by a pidfd: the number cannot come to mean another process.
package final class ProcessHandle: Sendable {
    package let pid: Int32
    private let descriptor: OwnedDescriptor
    private let exit = Mutex<ExitStatus?>(nil)

    package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
        case code(Int32)
        case signal(Signal)
        /// It ended, and was not ours to reap.
        case unknown

        package var isSuccess: Bool { self == .code(0) }

        package var description: String {
            switch self {
            case .code(let code): "exit code \(code)"
            case .signal(let signal): "signal \(signal.rawValue)"
            case .unknown: "an unknown status"
            }
        }
    }

    /// Any process that exists now, our child or not.
    package init(pid: Int32) throws(SystemError) {
        self.pid = pid
        descriptor = OwnedDescriptor(adopting: try systemCall("find", "process \(pid)") { clinux_pidfd_open(pid) })
    }

    /// Readable when the process has ended: for an event loop.
    package var pollDescriptor: Int32 { descriptor.rawValue }

    /// How it ended; nil while it runs.
    ///
    /// Reaps our own child.
    package func status() -> ExitStatus? {
        exit.withLock { known in
            if let known { return known }
            known = reap()
            return known
        }
    }

    package var isRunning: Bool { status() == nil }

    /// Nothing happens if it has ended.
    package func send(_ signal: Signal) throws(SystemError) {
        if clinux_pidfd_send_signal(descriptor.rawValue, signal.rawValue) != 0, errno != ESRCH {
            throw SystemError("send signal \(signal.rawValue) to", "process \(pid)")
        }
    }

    /// Blocks the thread until it ends; nil when `timeout` has passed.
    package func wait(timeout: Duration?) throws(SystemError) -> ExitStatus? {
        guard try Readiness.wait(descriptor.rawValue, for: .readable, timeout: timeout) else { return nil }
        return status()
    }

    /// Like `wait`, without holding a thread of the cooperative pool.
    package func exit(within timeout: Duration?) async throws -> ExitStatus? {
        try await DedicatedThread.run { [self] in try wait(timeout: timeout) }
    }

    /// SIGTERM, and SIGKILL after `grace`.
    ///
    /// Blocks the thread until it has ended.
    @discardableResult
    package func terminate(grace: Duration = .seconds(5)) throws(SystemError) -> ExitStatus {
        try send(.terminate)
        if let status = try wait(timeout: grace) { return status }
        try send(.kill)
        // A process in an uninterruptible call ends late; one that never does is the kernel's trouble, not ours.
        return try wait(timeout: .seconds(30)) ?? .unknown
    }

    /// Like `terminate`, without holding a thread of the cooperative pool.
    @discardableResult
    package func end(grace: Duration = .seconds(5)) async throws -> ExitStatus {
        try await DedicatedThread.run { [self] in try terminate(grace: grace) }
    }

    private func reap() -> ExitStatus? {
        var code: Int32 = 0
        var status: Int32 = 0
        switch clinux_pidfd_reap(descriptor.rawValue, &code, &status) {
        case 1: return code == 1 ? .code(status) : .signal(Signal(rawValue: status))
        case 0: return nil
        default:
            // Not our child, or reaped elsewhere: readable means ended.
            let ended = (try? Readiness.wait(descriptor.rawValue, for: .readable, timeout: .zero)) ?? true
            return ended ? .unknown : nil
        }
    }
}
