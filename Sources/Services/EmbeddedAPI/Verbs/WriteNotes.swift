import Synchronization

/// Carries out of the writer what the answer says besides the object.
final class WriteNotes: Sendable {
    private struct State {
        var warnings: [String] = []
        var wasThere = false
    }

    private let state = Mutex(State())

    var warnings: [String] { state.withLock(\.warnings) }
    /// Whether the object existed before.
    var wasThere: Bool { state.withLock(\.wasThere) }

    func set(_ warnings: [String]) { state.withLock { $0.warnings = warnings } }
    func found() { state.withLock { $0.wasThere = true } }
}
