import DNSFormats
import Synchronization

/// What `/metrics` tells.
package final class DNSCounters: Sendable {
    enum Event: String, CaseIterable, Sendable {
        case datagrams = "datagram_queries"
        case streams = "stream_queries"
        case forwarded
        case unanswered = "forwarded_unanswered"
        case foreignAnswers = "upstream_answers_ignored"
        case overLimit = "over_limit"
        case loops
        case strangers = "clients_refused"
    }

    private let events = Mutex<[Event: UInt64]>([:])
    private let codes = Mutex<[DNSResponseCode: UInt64]>([:])

    package init() {}

    func count(_ event: Event) { events.withLock { $0[event, default: 0] += 1 } }
    func count(_ code: DNSResponseCode) { codes.withLock { $0[code, default: 0] += 1 } }

    func value(_ event: Event) -> UInt64 { events.withLock { $0[event] ?? 0 } }

    /// The Prometheus text format.
    func text(isComplete: Bool, serial: UInt32) -> String {
        let (events, codes) = (events.withLock { $0 }, codes.withLock { $0 })
        var lines = Event.allCases.flatMap { event in
            let name = "gabion_dns_\(event.rawValue)_total"
            return ["# TYPE \(name) counter", "\(name) \(events[event] ?? 0)"]
        }
        lines.append("# TYPE gabion_dns_answers_total counter")
        for (code, count) in codes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            lines.append("gabion_dns_answers_total{code=\"\(code)\"} \(count)")
        }
        lines += ["# TYPE gabion_dns_zone_complete gauge", "gabion_dns_zone_complete \(isComplete ? 1 : 0)"]
        lines += ["# TYPE gabion_dns_zone_serial gauge", "gabion_dns_zone_serial \(serial)"]
        return lines.map { $0 + "\n" }.joined()
    }
}
