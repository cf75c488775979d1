package import APIMachinery
package import ClusterAPI

/// What audit logs say about zones and about what belongs to them, and what else is in the logs.
///
/// An event that stands in two files counts once.
package struct AuditTrail: Sendable {
    /// Requests that wrote, or wanted to, without those that were only tried; in the order of their answers.
    package var requests: [RecordedRequest] {
        found.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    /// Every event that was read, whatever it is about.
    package private(set) var eventCount = 0
    /// Events of other stages: the same requests before their answer.
    package private(set) var otherStages = 0
    /// Tried writes of zones and their members, which changed nothing.
    package private(set) var dryRuns = 0
    /// Lines that are no audit event, with what the first of them is.
    package private(set) var foreignLines = 0
    package private(set) var firstForeign: String?
    /// The times of the first and last event.
    package private(set) var span: ClosedRange<APITime>?

    private var found: [RecordedRequest] = []
    private var seen: Set<String> = []

    package init() {}

    /// A line that is JSON: an event, or a list of events.
    package mutating func add(_ document: JSONValue, at place: String) {
        let isOurs = document["apiVersion"]?.string?.hasPrefix("audit.k8s.io/") == true
        switch (isOurs, document["kind"]?.string) {
        case (true, "EventList"): for event in document["items"]?.array ?? [] { addEvent(event, at: place) }
        case (true, "Event"): addEvent(document, at: place)
        default: addForeign("\(place): no event of audit.k8s.io")
        }
    }

    /// A line that is not JSON, or nothing that can be read as an event.
    package mutating func addForeign(_ why: String) {
        foreignLines += 1
        firstForeign = firstForeign ?? why
    }

    private mutating func addEvent(_ event: JSONValue, at place: String) {
        let stage = event["stage"]?.string ?? ""
        guard stage == "ResponseComplete" else {
            guard ["RequestReceived", "ResponseStarted", "Panic"].contains(stage) else {
                return addForeign("\(place): an event of no known stage")
            }
            otherStages += 1
            return
        }
        guard let request = RecordedRequest(event: event) else {
            return addForeign("\(place): an event without its time, verb or user")
        }
        if let id = event["auditID"]?.string, !id.isEmpty, !seen.insert(id).inserted { return }
        eventCount += 1
        span =
            span.map { min($0.lowerBound, request.time)...max($0.upperBound, request.time) }
            ?? request.time...request.time
        guard request.isAboutZones else { return }
        if request.isDryRun { dryRuns += 1 } else { found.append(request) }
    }
}

extension RecordedRequest {
    package var isZone: Bool { group == "gabion.io" && resource == "zones" }
    /// Namespaces and nodes: their labels decide which zone they are in.
    package var isMember: Bool { group.isEmpty && ["namespaces", "nodes"].contains(resource) }

    /// A status says nothing of what zones mean; labels of members can be written by way of theirs.
    fileprivate var isAboutZones: Bool {
        guard ResourceDescriptor.writingVerbs.contains(verb) else { return false }
        if isZone { return subresource == nil }
        return isMember && (subresource == nil || (subresource == "status" && result != nil && succeeded))
    }
}
