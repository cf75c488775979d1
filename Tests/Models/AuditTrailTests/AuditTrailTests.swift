import APIMachinery
import AuditTrail
import ClusterAPI
import Testing

@Suite("What is read of an audit log")
struct AuditTrailTests {
    /// An event of a real API server at the level Metadata, in the form of the public documentation.
    private static let real: JSONValue = [
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata",
        "auditID": "8bbd0f40-7a4b-4d6f-9d43-2f0a2b7a8c11", "stage": "ResponseComplete",
        "requestURI": "/apis/gabion.io/v1/zones/app?fieldManager=kubectl-edit", "verb": "patch",
        "user": [
            "username": "kubernetes-admin", "groups": ["system:masters", "system:authenticated"],
            "extra": ["authentication.kubernetes.io/credential-id": ["X509SHA256=aa"]],
        ],
        "impersonatedUser": ["username": "alice@example.com", "groups": ["ops"]],
        "sourceIPs": ["192.0.2.7", "10.0.0.1"],
        "userAgent": "kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc",
        "objectRef": ["resource": "zones", "name": "app", "apiGroup": "gabion.io", "apiVersion": "v1"],
        "responseStatus": ["metadata": [:], "code": 200], "requestReceivedTimestamp": "2026-05-01T10:00:00.123456Z",
        "stageTimestamp": "2026-05-01T10:00:00.234567Z",
        "annotations": ["authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": ""],
    ]

    @Test("an event of a real API server is understood, with whom its user acted as")
    func real() throws {
        var trail = AuditTrail()
        trail.add(Self.real, at: "audit.log:1")
        let request = try #require(trail.requests.first)
        #expect(request.time == APITime("2026-05-01T10:00:00.234567Z"))
        #expect(
            [request.user, request.impersonated, request.name] == ["kubernetes-admin", "alice@example.com", "app"])
        #expect(request.sources == ["192.0.2.7", "10.0.0.1"] && request.code == 200 && request.isZone)
        #expect(request.program.hasPrefix("kubectl/v1.31.0"))
        let history = ZoneHistory(trail.requests, present: [:])
        #expect(history.zones["app"]?.map(\.words) == [["what it changed is not recorded"]])
    }

    @Test("an event counts once, other stages are no changes, lists are taken apart, and foreign lines are counted")
    func counts() {
        var trail = AuditTrail()
        var earlier = Self.real
        earlier["stage"] = "RequestReceived"
        var timeless = Self.real
        timeless["stageTimestamp"] = nil
        timeless["requestReceivedTimestamp"] = "yesterday"
        var strange = Self.real
        strange["stage"] = "Later"
        trail.add(earlier, at: "a:1")
        trail.add(["kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": [Self.real]], at: "a:2")
        trail.add(Self.real, at: "b:1")
        for (place, document) in [("b:2", timeless), ("b:3", strange), ("b:4", ["kind": "Pod"]), ("b:5", 7)] {
            trail.add(document, at: place)
        }
        trail.addForeign("b:6: not JSON")
        #expect(trail.requests.count == 1 && trail.eventCount == 1 && trail.otherStages == 1)
        #expect(trail.foreignLines == 5)
        #expect(trail.firstForeign == "b:2: an event without its time, verb or user")
    }

    @Test("tried writes, reads, statuses and other kinds are no changes")
    func leavesOut() {
        var events = Events()
        events.add("update", "zones", "a", ["requestURI": "/apis/gabion.io/v1/zones/a?x=y&dryRun=All"])
        events.add("delete", "zones", "a", sent: ["kind": "DeleteOptions", "dryRun": ["All"]])
        events.add("delete", "zones", "a", sent: ["propagationPolicy": "Background", "dryRun": ["All"]])
        events.add("get", "zones", "a")
        events.add("create", "configmaps", "a", code: 201)
        let reference: JSONValue = ["resource": "zones", "apiGroup": "gabion.io", "name": "a", "subresource": "status"]
        events.add("patch", "zones", "a", ["objectRef": reference])
        events.add("patch", "zones", "a", ["objectRef": ["resource": "zones", "apiGroup": "other.io", "name": "a"]])
        #expect(events.trail.requests.isEmpty && events.trail.dryRuns == 3 && events.trail.eventCount == 7)
    }

    @Test("requests of several files come in the order of time")
    func ordered() {
        var events = Events()
        events.add("delete", "zones", "late", ["stageTimestamp": "2026-05-03T00:00:00Z"])
        events.add("delete", "zones", "early", ["stageTimestamp": "2026-05-02T23:59:59.5Z"])
        #expect(events.trail.requests.map(\.name) == ["early", "late"])
        #expect(events.trail.span?.lowerBound == APITime("2026-05-02T23:59:59.5Z"))
    }
}
