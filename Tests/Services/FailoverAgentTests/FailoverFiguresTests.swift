import NetworkTypes
import Testing

@testable import FailoverAgent

/// What `gabion failover --metrics-listen` shows.
@Suite struct FailoverFiguresTests {
    @Test("it counts what comes and goes, and how often keepalived ended")
    func metrics() throws {
        let (one, two) = (try #require(IPAddress("192.0.2.7")), try #require(IPAddress("2001:db8::7")))
        var figures = FailoverFigures()
        figures.hold([one])
        figures.hold([one, two])
        figures.hold([two])
        figures.restarts = 3
        figures.problems = 2
        let lines = figures.metrics.split(separator: "\n").map(String.init)
        for line in [
            "gabion_failover_addresses_held 1", "gabion_failover_address_held{address=\"2001:db8::7\"} 1",
            "gabion_failover_addresses_taken_total 2", "gabion_failover_addresses_left_total 1",
            "gabion_failover_keepalived_restarts_total 3", "gabion_failover_problems 2",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        // Each metric has its type, once.
        let types = lines.filter { $0.hasPrefix("# TYPE ") }
        #expect(types.count == Set(types).count && types.count == 6)
    }
}
