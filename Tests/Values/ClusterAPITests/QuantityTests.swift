import ClusterAPI
import Testing

@Suite struct QuantityTests {
    @Test(
        "amounts are read as Kubernetes writes them, rounded up",
        arguments: [
            ("0", 0), ("1k", 1000), ("10M", 10_000_000), ("1.5G", 1_500_000_000), ("1Ki", 1024), ("0.5Mi", 524_288),
            (".5k", 500), ("5.", 5), ("1500m", 2), ("1u", 1), ("2e3", 2000), ("2E3", 2000), ("25e-1", 3),
            ("1E", 1_000_000_000_000_000_000),
            ("1P", 1_000_000_000_000_000), ("16Ei", nil), ("15Ei", 17_293_822_569_102_704_640), ("", nil), ("M", nil),
            (".", nil), ("-1M", nil), ("10 M", nil), ("10Mbit", nil), ("1.2.3", nil), ("1e", nil), ("1e99", nil),
            ("99999999999999999999", nil), ("٣M", nil),
        ] as [(String, UInt64?)])
    func parse(_ text: String, _ value: UInt64?) { #expect(Quantity(text)?.value == value) }
}
