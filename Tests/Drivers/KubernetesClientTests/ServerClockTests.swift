import ClusterAPI
import Logging
import Synchronization
import Testing

@testable import KubernetesClient

@Suite struct ServerClockTests {
    private static let dates: [(String, String?)] = [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Thu, 29 Feb 2024 23:59:59 GMT", "2024-02-29T23:59:59Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
        ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Nov 1994 25:49:37 GMT", nil), ("", nil),
    ]

    @Test("the date of an answer is read in the one form that is sent", arguments: dates)
    func reads(text: String, time: String?) { #expect(Timestamp(httpDate: text)?.seconds == time) }

    private static let there = "Sun, 06 Nov 1994 08:49:37 GMT"

    private func time(_ seconds: Int64) throws -> Timestamp {
        let there = try #require(Timestamp(httpDate: Self.there))
        return Timestamp(microsecondsSince1970: there.microsecondsSince1970 + seconds * 1_000_000)
    }

    private static let leads: [(Int64, String?)] = [
        (600, "the clock of this machine is 600 s ahead of the API server's"),
        (-600, "the clock of this machine is 600 s behind the API server's"), (59, nil), (-59, nil),
    ]

    @Test("clocks that differ by more than a minute are told, and time is then the server's", arguments: leads)
    func compares(lead: Int64, words: String?) throws {
        let clock = ServerClock()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        clock.note(Self.there, logger: logger, wallClock: try time(lead))
        #expect(clock.difference == words)
        #expect(clock.time(at: try time(lead)) == (try time(words == nil ? lead : 0)))
    }

    @Test("a difference is told once, and again when it is over")
    func tells() throws {
        let messages = MessageList()
        let logger = Logger(label: "test") { _ in messages }
        let clock = ServerClock()
        let start = ContinuousClock.now
        let leads: [Int64] = [600, 600, 600, 0, 0, -600]
        for (number, lead) in leads.enumerated() {
            clock.note(
                Self.there, logger: logger, wallClock: try time(lead), now: start + .seconds(11 * number))
        }
        #expect(messages.levels == [.warning, .notice, .warning])
    }
}

/// What was logged.
private struct MessageList: LogHandler {
    private let list = Box()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    private final class Box: Sendable {
        let levels = Mutex<[Logger.Level]>([])
    }

    var levels: [Logger.Level] { list.levels.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { list.levels.withLock { $0.append(event.level) } }
}
