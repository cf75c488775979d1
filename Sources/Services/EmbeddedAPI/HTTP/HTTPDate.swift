import APIMachinery

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110): by it clients notice that their clock is wrong.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let microsecondsOfDay: Int64 = 86_400_000_000

    static func text(_ time: APITime) -> String {
        // 2026-11-23T15:24:07Z
        let parts = time.text.split { "-T:Z".contains($0) }
        guard parts.count >= 6, let month = Int(parts[1]), months.indices.contains(month - 1) else { return "" }
        // 1 January 1970 was a Thursday.
        let day = days[Int(time.microseconds / microsecondsOfDay) % 7]
        return "\(day), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }
}
