import CLinux
import Glibc

/// The kernel's epoll: one thread waits for thousands of descriptors.
///
/// Level-triggered.
package struct EventPoll: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    private var buffer: [epoll_event]

    package struct Event: Sendable, Hashable {
        /// What was given with `add`.
        package let token: UInt64
        package let isReadable: Bool
        package let isWritable: Bool
        /// An error is pending, or the other end has hung up.
        package let isBroken: Bool
    }

    /// `capacity` is the largest number of events that one wait returns.
    package init(capacity: Int = 512) throws(SystemError) {
        descriptor = OwnedDescriptor(adopting: try systemCall("make", "an epoll") { epoll_create1(Int32(O_CLOEXEC)) })
        buffer = [epoll_event](repeating: epoll_event(), count: max(1, capacity))
    }

    package func add(_ other: Int32, _ interest: Readiness.Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, other, interest, token)
    }

    package func modify(_ other: Int32, _ interest: Readiness.Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, other, interest, token)
    }

    /// Closing a descriptor removes it too.
    package func remove(_ other: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, other, [], 0)
    }

    /// Blocks the thread for at most `timeout` (nil: for ever); empty when nothing happened.
    package mutating func wait(timeout: Duration?) throws(SystemError) -> [Event] {
        let count = epoll_wait(descriptor.rawValue, &buffer, Int32(buffer.count), Readiness.milliseconds(timeout))
        guard count >= 0 else {
            if errno == EINTR { return [] }
            throw SystemError("wait for", "an epoll")
        }
        return buffer.prefix(Int(count)).map { event in
            Event(
                token: event.data.u64,
                isReadable: event.events & EPOLLIN.rawValue != 0,
                isWritable: event.events & EPOLLOUT.rawValue != 0,
                isBroken: event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0)
        }
    }

    private func control(
        _ operation: Int32, _ other: Int32, _ interest: Readiness.Interest, _ token: UInt64
    ) throws(SystemError) {
        var event = epoll_event()
        if interest.contains(.readable) { event.events |= EPOLLIN.rawValue }
        if interest.contains(.writable) { event.events |= EPOLLOUT.rawValue }
        event.data.u64 = token
        try systemCall("watch", "descriptor \(other)") { epoll_ctl(descriptor.rawValue, operation, other, &event) }
    }
}
