import ClusterAPI
import Foundation
import Testing

@Suite struct TimestampTests {
    @Test(
        "times are written in UTC to the microsecond",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (1_700_000_000_000_042, "2023-11-14T22:13:20.000042Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)])
    func known(micros: Int64, text: String) {
        #expect(Timestamp(microsecondsSince1970: micros).micros == text)
    }

    @Test("every day of 200 years agrees with Foundation")
    func calendar() {
        for day in stride(from: Int64(-36_500), to: 36_500, by: 1) {
            let seconds = day * 86_400 + 12_345
            let expected = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
            #expect(Timestamp(microsecondsSince1970: seconds * 1_000_000).seconds == expected)
        }
    }
}
