import CLinux
import Glibc
import Synchronization

/// Catches signals of this process from its start until it goes away; then they have their default effect again.
///
/// One listener per signal at a time.
package final class SignalListener: Sendable {
    private let signals: [Signal]
    private let receiving: OwnedDescriptor
    private let sending: OwnedDescriptor

    package init(_ signals: [Signal]) throws(SystemError) {
        var ends: [Int32] = [0, 0]
        try systemCall("make", "a pipe") { clinux_pipe(&ends) }
        receiving = OwnedDescriptor(adopting: ends[0])
        sending = OwnedDescriptor(adopting: ends[1])
        self.signals = signals
        for signal in signals {
            let raw = sending.rawValue
            try systemCall("catch", "signal \(signal.rawValue)") { clinux_catch_signal(signal.rawValue, raw) }
        }
    }

    deinit {
        for signal in signals { _ = clinux_restore_signal(signal.rawValue) }
    }

    /// Readable when a signal has come: for an event loop.
    package var descriptor: Int32 { receiving.rawValue }

    /// Blocks the thread until a signal comes; nil when `timeout` has passed (nil waits for ever).
    package func wait(timeout: Duration? = nil) throws(SystemError) -> Signal? {
        guard try Readiness.wait(receiving.rawValue, for: .readable, timeout: timeout) else { return nil }
        guard let byte = try receiving.read(upTo: 1)?.first else { return nil }
        return Signal(rawValue: Int32(byte))
    }

    /// Waits for a signal without holding a thread of the cooperative pool; nil when the task is cancelled.
    package func next() async throws -> Signal? {
        while !Task.isCancelled {
            if let signal = try wait(timeout: .zero) { return signal }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return nil }
        }
        return nil
    }
}
