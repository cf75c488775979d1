import Synchronization

/// Carries the warnings of a write out of the writer.
final class WarningBox: Sendable {
    private let state = Mutex<[String]>([])

    var texts: [String] { state.withLock(\.self) }

    func set(_ warnings: [String]) { state.withLock { $0 = warnings } }
}
