import NFTablesDriver
import Testing

@testable import Lab

/// Which of the kernel's words are about the packet that is shown.
@Suite struct FirstPacketTests {
    /// `table/chain`, one for each event; numbers of packets with `#`.
    private static func events(_ text: String) -> [TraceEvent] {
        text.split(separator: " ").map { word in
            let parts = word.split(separator: "#")
            let place = parts[0].split(separator: "/")
            return TraceEvent(
                packet: parts.count > 1 ? UInt32(parts[1]) ?? 0 : 1, table: String(place[0]), chain: String(place[1]),
                place: .policy, verdict: .accept)
        }
    }

    @Test(
        "a way ends where the next packet begins, even one with the same number",
        arguments: [
            ("", ""),
            ("gabion-trace/prerouting", ""),
            (
                "gabion-trace/prerouting gabion-trace/prerouting gabion/guard gabion/forward gabion/post",
                "guard forward post"
            ),
            (
                "gabion-trace/prerouting gabion/guard gabion/forward gabion-trace/prerouting gabion/guard",
                "guard forward"
            ),
            (
                "gabion-trace/prerouting gabion/guard gabion-trace/prerouting#2 gabion/other#2 gabion/forward",
                "guard forward"
            ),
        ])
    func ends(told: String, way: String) {
        #expect(Self.events(told).ofFirstPacket.map(\.chain).joined(separator: " ") == way)
    }
}
