import ClusterAPI

/// core/v1 Event and events.k8s.io/v1 Event: the same object under other field names.
enum EventConversion {
    private static let names = [
        ("message", "note"), ("involvedObject", "regarding"), ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ]

    static func converted(_ event: JSONValue, to version: GroupVersion) -> JSONValue {
        var result = event
        for (core, events) in names {
            let (from, to) = version.group.isEmpty ? (events, core) : (core, events)
            guard let value = result[from] else { continue }
            result[from] = nil
            result[to] = value
        }
        return result
    }
}
