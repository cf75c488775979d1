import ClusterAPI
import Logging
import Synchronization

/// The API server's clock beside this machine's, by the `Date` of its answers.
///
/// Nothing of ours needs clocks that agree; certificates, tokens, and people who read times do.
final class ServerClock: Sendable {
    private struct State {
        var comparedAt: ContinuousClock.Instant?
        /// How far this machine is ahead.
        var lead = Duration.zero
        var isTold = false
    }

    /// What travels of answers and seconds that are cut off may differ by.
    private static let limit = Duration.seconds(60)
    private static let interval = Duration.seconds(10)

    private let state = Mutex(State())

    /// Compares with the header of an answer that has just come, and tells once when the clocks begin to differ.
    func note(
        _ date: String?, logger: Logger, wallClock: Timestamp = .now(), now: ContinuousClock.Instant = .now
    ) {
        state.withLock { state in
            if let last = state.comparedAt, now - last < Self.interval { return }
            guard let date, let there = Timestamp(httpDate: date) else { return }
            state.comparedAt = now
            state.lead = .microseconds(wallClock.microsecondsSince1970 - there.microsecondsSince1970)
            let words = Self.words(state.lead)
            if state.isTold != (words != nil) {
                state.isTold = words != nil
                if let words {
                    logger.warning(
                        "\(words): set the clock; certificates and tokens may seem out of time, and times that are written mislead"
                    )
                } else {
                    logger.notice("the clock of this machine agrees with the API server's again")
                }
            }
        }
    }

    /// Says how the clocks differ; nil when they agree, or were never compared.
    var difference: String? { Self.words(state.withLock { $0.lead }) }

    /// The moment by the API server's clock; by ours while they were not compared, or agree.
    func time(at wallClock: Timestamp) -> Timestamp {
        let lead = state.withLock { $0.lead }
        guard Self.words(lead) != nil else { return wallClock }
        return Timestamp(microsecondsSince1970: wallClock.microsecondsSince1970 - lead.components.seconds * 1_000_000)
    }

    private static func words(_ lead: Duration) -> String? {
        let seconds = lead.components.seconds
        if lead > limit { return "the clock of this machine is \(seconds) s ahead of the API server's" }
        if lead < .zero - limit { return "the clock of this machine is \(-seconds) s behind the API server's" }
        return nil
    }
}

extension Timestamp {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that is sent (RFC 9110); nil for anything else.
    init?(httpDate text: String) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]), let year = Int64(words[3]),
            let month = Self.months.firstIndex(of: String(words[2])), (1...31).contains(day),
            (1970...9999).contains(year)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] <= 60, clock.allSatisfy({ $0 >= 0 }) else {
            return nil
        }
        // Counted in years that begin on 1 March, so that the leap day is the last.
        let marchYear = month < 2 ? year - 1 : year
        let marchMonth = Int64(month < 2 ? month + 10 : month - 2)
        let days =
            365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + (153 * marchMonth + 2) / 5 + day - 1
            - 719_468
        let seconds = days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
        self.init(microsecondsSince1970: seconds * 1_000_000)
    }
}
