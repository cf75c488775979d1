import Glibc

/// A signal's number.
package struct Signal: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let hangUp = Signal(rawValue: SIGHUP)
    package static let interrupt = Signal(rawValue: SIGINT)
    package static let kill = Signal(rawValue: SIGKILL)
    package static let terminate = Signal(rawValue: SIGTERM)
    package static let stop = Signal(rawValue: SIGSTOP)
    package static let proceed = Signal(rawValue: SIGCONT)
    package static let user1 = Signal(rawValue: SIGUSR1)
}
