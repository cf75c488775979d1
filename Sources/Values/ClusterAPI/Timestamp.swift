/// A moment as the API writes it: UTC, RFC 3339, to the microsecond.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let microsecondsSince1970: Int64

    package init(microsecondsSince1970: Int64) { self.microsecondsSince1970 = microsecondsSince1970 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }

    /// `2026-11-23T15:24:07Z`: metav1.Time.
    package var seconds: String { date + "T" + time + "Z" }

    /// `2026-11-23T15:24:07.000123Z`: metav1.MicroTime.
    package var micros: String {
        let fraction = String(floorModulo(microsecondsSince1970, 1_000_000) + 1_000_000).dropFirst()
        return date + "T" + time + "." + fraction + "Z"
    }

    private var daySeconds: (day: Int64, second: Int64) {
        let seconds = floorQuotient(microsecondsSince1970, 1_000_000)
        return (floorQuotient(seconds, 86_400), floorModulo(seconds, 86_400))
    }

    private var time: String {
        let second = daySeconds.second
        return [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
    }

    /// The proleptic Gregorian date, counted in years that begin on 1 March so that the leap day is the last.
    private var date: String {
        let shifted = daySeconds.day + 719_468
        let era = floorQuotient(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let padded = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return [padded, twoDigits(month), twoDigits(day)].joined(separator: "-")
    }

    private func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func floorQuotient(_ value: Int64, _ divisor: Int64) -> Int64 {
        (value - floorModulo(value, divisor)) / divisor
    }

    private func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
