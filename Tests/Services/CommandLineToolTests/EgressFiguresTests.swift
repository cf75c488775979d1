import EgressAgent
import NetworkTypes
import Testing

/// What `gabion egress --metrics-listen` shows.
@Suite struct EgressFiguresTests {
    @Test("it counts what comes and goes, and says how long each witness has been silent and what was dropped")
    func metrics() throws {
        let (one, two) = (try #require(IPAddress("192.0.2.7")), try #require(IPAddress("2001:db8::7")))
        var figures = EgressFigures()
        figures.hold([one])
        figures.hold([one, two])
        figures.hold([two])
        figures.assigned = 2
        figures.isBacked = true
        figures.silences = ["node-2": 250, "api": nil]
        figures.drops = ["drop_egress_fenced": 3]
        let lines = figures.metrics.split(separator: "\n").map(String.init)
        for line in [
            "gabion_egress_addresses_held 1", "gabion_egress_address_held{address=\"2001:db8::7\"} 1",
            "gabion_egress_addresses_assigned 2", "gabion_egress_addresses_taken_total 2",
            "gabion_egress_addresses_left_total 1", "gabion_egress_backed 1",
            "gabion_egress_witness_silence_seconds{witness=\"node-2\"} 0.25",
            "gabion_egress_witness_silence_seconds{witness=\"api\"} +Inf",
            "gabion_egress_dropped_packets_total{reason=\"drop_egress_fenced\"} 3",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        // Each metric has its type, once.
        let types = lines.filter { $0.hasPrefix("# TYPE ") }
        #expect(types.count == Set(types).count && types.count >= 8)
    }
}
