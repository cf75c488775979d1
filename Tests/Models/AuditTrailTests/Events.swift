import APIMachinery
import AuditTrail
import ClusterAPI

/// Audit events as servers write them, and what is made of them.
struct Events {
    private(set) var trail = AuditTrail()
    private var minute = 0

    /// One event a minute, from 2026-05-01T10:01:00Z on.
    mutating func add(
        _ verb: String, _ resource: String, _ name: String?, code: Int = 200, user: String = "alice",
        sent: JSONValue? = nil, result: JSONValue? = nil, _ more: [String: JSONValue] = [:]
    ) {
        minute += 1
        var reference: JSONValue = ["resource": .string(resource), "apiVersion": "v1"]
        if resource == "zones" { reference["apiGroup"] = "gabion.io" }
        reference["name"] = name.map(JSONValue.string)
        var event: JSONValue = [
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "stage": "ResponseComplete", "verb": .string(verb),
            "auditID": .string("id-\(minute)"), "user": ["username": .string(user)], "objectRef": reference,
            "responseStatus": ["code": .int(Int64(code))], "requestURI": "/x",
            "stageTimestamp": .string("2026-05-01T10:\(minute < 10 ? "0" : "")\(minute):00.000000Z"),
        ]
        event["requestObject"] = sent
        event["responseObject"] = result
        for (name, value) in more { event[name] = value }
        trail.add(event, at: "test")
    }

    func history(present: [String: JSONValue] = [:]) -> ZoneHistory {
        ZoneHistory(trail.requests, present: present)
    }

    static func zone(_ name: String, _ spec: [String: JSONValue]) -> JSONValue {
        ["apiVersion": "gabion.io/v1", "kind": "Zone", "metadata": ["name": .string(name)], "spec": .object(spec)]
    }

    static func labelled(_ kind: String, _ labels: [String: String]) -> JSONValue {
        ["kind": .string(kind), "metadata": ["labels": .object(labels.mapValues(JSONValue.string))]]
    }

    static func hole(_ name: String?, _ more: [String: JSONValue] = [:]) -> JSONValue {
        var hole: JSONValue = [
            "from": ["zone": "dmz"], "ports": [["protocol": "TCP", "port": 8080]], "owner": "team", "reason": "shop",
        ]
        hole["name"] = name.map(JSONValue.string)
        for (name, value) in more { hole[name] = value }
        return hole
    }

    static func selector(_ value: String) -> JSONValue { ["matchLabels": ["zone": .string(value)]] }
}
