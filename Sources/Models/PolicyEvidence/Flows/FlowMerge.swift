package import FlowModel

/// What several nodes saw of one flow, as one flow.
package enum FlowMerge {
    /// Nodes' clocks, and the moments at which they first saw a flow, may be so far apart; microseconds.
    package static let tolerance: Int64 = 2_000_000

    /// By time.
    ///
    /// Where one node let a flow pass and the other denied it, it was denied.
    package static func merged(_ records: [FlowRecord]) -> [FlowRecord] {
        var result: [FlowRecord] = []
        var last: [FlowKey: Int] = [:]
        var observers: [Set<String>] = []
        for record in records.sorted(by: isBefore) {
            if let place = last[record.key], !observers[place].contains(record.observer),
                record.start <= result[place].last + tolerance
            {
                merge(record, into: &result[place])
                observers[place].insert(record.observer)
            } else {
                last[record.key] = result.count
                result.append(record)
                observers.append([record.observer])
            }
        }
        return result
    }

    private static func isBefore(_ one: FlowRecord, _ other: FlowRecord) -> Bool {
        (one.start, one.observer, one.id) < (other.start, other.observer, other.id)
    }

    private static func merge(_ record: FlowRecord, into known: inout FlowRecord) {
        known.start = min(known.start, record.start)
        known.last = max(known.last, record.last)
        known.end = known.end.flatMap { end in record.end.map { max(end, $0) } }
        known.isCounted = known.isCounted || record.isCounted
        known.forward = greater(known.forward, record.forward)
        known.backward = greater(known.backward, record.backward)
        guard record.verdict == .denied else { return }
        if known.verdict == .allowed {
            known.verdict = .denied
            known.drop = record.drop
            known.egress = record.egress
            known.ingress = record.ingress
        }
        known.drop = known.drop ?? record.drop
    }

    private static func greater(_ one: FlowRecord.Traffic, _ other: FlowRecord.Traffic) -> FlowRecord.Traffic {
        FlowRecord.Traffic(packets: max(one.packets, other.packets), bytes: max(one.bytes, other.bytes))
    }
}
