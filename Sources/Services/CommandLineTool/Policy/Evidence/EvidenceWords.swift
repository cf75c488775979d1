import APIMachinery

/// Amounts in words.
enum EvidenceWords {
    /// `1 flow`, `2 flows`.
    static func flows(_ count: Int) -> String { count == 1 ? "1 flow" : "\(count) flows" }

    /// `2026-11-23T15:24:07Z`; microseconds since 1970.
    static func time(_ microseconds: Int64) -> String { APITime(microseconds: microseconds).text }

    /// `512 B`, `3.4 kB`.
    static func bytes(_ count: UInt64) -> String {
        var value = count
        var rest: UInt64 = 0
        var units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"][...]
        while value >= 1000, units.count > 1 {
            rest = value % 1000 / 100
            value /= 1000
            units = units.dropFirst()
        }
        let unit = units.first ?? "B"
        return unit == "B" || value >= 100 ? "\(value) \(unit)" : "\(value).\(rest) \(unit)"
    }

    /// `45 seconds`, `3 hours`, `12 days`: the greatest unit of which there are two.
    static func duration(_ microseconds: Int64) -> String {
        let seconds = max(0, microseconds) / 1_000_000
        for (length, unit) in [(86_400, "days"), (3600, "hours"), (60, "minutes")] where seconds >= 2 * Int64(length) {
            return "\(seconds / Int64(length)) \(unit)"
        }
        return seconds == 1 ? "1 second" : "\(seconds) seconds"
    }
}
