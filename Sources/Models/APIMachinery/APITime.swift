/// A moment in UTC, to the microsecond, with the text forms of the API (RFC 3339).
///
/// The clock itself is the caller's.
package struct APITime: Hashable, Sendable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package init(seconds: Int64) { microseconds = seconds.multipliedReportingOverflow(by: 1_000_000).partialValue }

    package static func < (left: APITime, right: APITime) -> Bool { left.microseconds < right.microseconds }
}
