import FoundationEssentials
import Synchronization

/// The bearer token of each request; a token file is read again when the last reading is older than `freshness`.
final class TokenSource: Sendable {
    private struct Reading {
        var token: String
        var at: ContinuousClock.Instant
    }

    private let token: ClusterConfiguration.Token?
    private let freshness: Duration
    private let last = Mutex<Reading?>(nil)

    init(_ token: ClusterConfiguration.Token?, freshness: Duration) {
        self.token = token
        self.freshness = freshness
    }

    /// Nil when the configuration has no token.
    ///
    /// A file that can no longer be read leaves its last token in use.
    func current(now: ContinuousClock.Instant = .now) throws -> String? {
        switch token {
        case nil: return nil
        case .literal(let text): return text
        case .file(let path): return try read(path, now: now)
        }
    }

    /// Makes the next `current()` read the file again: the server refused the token.
    func invalidate() {
        last.withLock { $0?.at -= freshness }
    }

    private func read(_ path: String, now: ContinuousClock.Instant) throws -> String {
        try last.withLock { reading in
            if let reading, now - reading.at < freshness { return reading.token }
            let data = FileManager.default.contents(atPath: path) ?? Data()
            let text = String(decoding: data, as: UTF8.self).trimmed
            if text.isEmpty {
                if let old = reading?.token { return old }
                throw ConfigurationError(
                    origin: path, field: "tokenFile", problem: "empty or unreadable", remedy: "check the file")
            }
            reading = Reading(token: text, at: now)
            return text
        }
    }
}
