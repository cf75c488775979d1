import Glibc

/// Waiting for one descriptor.
package enum Readiness {
    package struct Interest: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let readable = Interest(rawValue: 1)
        package static let writable = Interest(rawValue: 2)
    }

    /// Blocks the thread until the descriptor is ready (or in error, or hung up): true; false when `timeout` has passed.
    package static func wait(
        _ descriptor: Int32, for interest: Interest, timeout: Duration?
    ) throws(SystemError) -> Bool {
        var events: Int32 = 0
        if interest.contains(.readable) { events |= Int32(POLLIN) }
        if interest.contains(.writable) { events |= Int32(POLLOUT) }
        let end = timeout.map { ContinuousClock.now.advanced(by: $0) }
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let rest = end.map { max(.zero, ContinuousClock.now.duration(to: $0)) }
            let count = poll(&entry, 1, milliseconds(rest))
            if count > 0 { return true }
            if count == 0 {
                if let rest, rest > .zero { continue }
                return false
            }
            guard errno == EINTR else { throw SystemError("poll", "descriptor \(descriptor)") }
        }
    }

    /// Rounded up, so that a wait never ends early; -1 for ever.
    static func milliseconds(_ duration: Duration?) -> Int32 {
        guard let duration else { return -1 }
        let (seconds, attoseconds) = duration.components
        if seconds >= 2_000_000 { return 2_000_000_000 }
        return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
