import APIMachinery
import AuditTrail
import ClusterAPI
import Testing

@Suite("What changed of zones, in words")
struct ZoneHistoryTests {
    private static let base: [String: JSONValue] = ["order": 1, "namespaceSelector": Events.selector("app")]

    struct Case: CustomTestStringConvertible, Sendable {
        let what: String
        let before: [String: JSONValue]
        let after: [String: JSONValue]
        let words: [String]

        init(_ what: String, _ before: [String: JSONValue], _ after: [String: JSONValue], _ words: [String]) {
            (self.what, self.before, self.after, self.words) = (what, before, after, words)
        }

        var testDescription: String { what }
    }

    private static let web =
        "from zone dmz, members all members, to all members, ports TCP 8080, owner \"team\""
        + ", reason \"shop\", expires never"

    private static let cases = [
        Case("nothing", base, base.merging(["external": "Deny", "holes": []]) { $1 }, ["its spec stayed the same"]),
        Case("order", base, base.merging(["order": 2]) { $1 }, ["order 2 (was 1)"]),
        Case(
            "members", base,
            [
                "order": 1, "namespaceSelector": [:], "nodeSelector": Events.selector("x"),
                "cidrs": ["10.0.0.0/8", "::/0"],
            ],
            ["namespaces all (was zone=app)", "nodes zone=x (was none)", "hosts 10.0.0.0/8, ::/0 (was none)"]),
        Case(
            "outside", base.merging(["external": "Allow"]) { $1 }, base, ["outside Deny (was Allow)"]),
        Case("a field of the future", base.merging(["x": [1]]) { $1 }, base, ["x none (was [1])"]),
        Case(
            "a hole more", base,
            ["order": 1, "namespaceSelector": Events.selector("app"), "holes": [Events.hole("web")]],
            ["hole web added: \(web)"]),
        Case(
            "a hole less", ["holes": [Events.hole("web"), Events.hole(nil)]], ["holes": [Events.hole(nil)]],
            ["hole web removed: \(web)"]),
        Case(
            "a hole with another end, owner, end and selector", ["holes": [Events.hole("web")]],
            [
                "holes": [
                    Events.hole(
                        "web",
                        [
                            "expires": "2027-01-01T00:00:00Z", "owner": "me", "ports": [],
                            "to": [
                                "podSelector": [
                                    "matchExpressions": [["key": "a", "operator": "In", "values": ["b", "c"]]]
                                ]
                            ],
                        ])
                ]
            ],
            [
                "hole web changed: to pods a in (b,c) (was all members), ports every protocol and port (was TCP 8080),"
                    + " owner \"me\" (was \"team\"), expires 2027-01-01T00:00:00Z (was never)"
            ]),
        Case(
            "holes that changed places, and one without a name that went",
            ["holes": [Events.hole(nil), Events.hole(nil, ["owner": "b"]), Events.hole("web")]],
            ["holes": [Events.hole("web"), Events.hole(nil, ["owner": "b"])]], ["hole holes[0] removed: \(web)"]),
    ]

    @Test("the difference of two recorded states", arguments: cases)
    func differences(_ example: Case) {
        var events = Events()
        events.add("create", "zones", "app", code: 201, result: Events.zone("app", example.before))
        events.add("patch", "zones", "app", sent: ["any": "patch"], result: Events.zone("app", example.after))
        let history = events.history(present: ["app": Events.zone("app", example.after)])
        #expect(history.zones["app"]?.last?.words == example.words)
        #expect(history.unexplained.isEmpty)
    }

    @Test("a creation and a deletion tell every hole; a refused write tells why, and changes nothing")
    func lifetime() {
        var events = Events()
        let zone = Events.zone("app", ["order": 1, "holes": [Events.hole("web")]])
        events.add("create", "zones", "app", code: 201, sent: zone)
        events.add(
            "update", "zones", "app", code: 403, user: "mallory", sent: Events.zone("app", [:]),
            ["responseStatus": ["code": 403, "message": "zones \"app\" is forbidden", "reason": "Forbidden"]])
        events.add("delete", "zones", "app")
        let history = events.history()
        #expect(
            history.zones["app"]?.map(\.words) == [
                ["created", "order 1", "hole web: \(Self.web)"],
                ["refused: zones \"app\" is forbidden; nothing changed"], ["deleted", "hole web removed: \(Self.web)"],
            ])
        #expect(history.pastZones(besides: []) == ["app"] && history.unexplained.isEmpty)
    }

    @Test("a change that is not recorded is not credited to the next one")
    func gaps() {
        var events = Events()
        events.add("update", "zones", "app", result: Events.zone("app", ["order": 1]))
        events.add("patch", "zones", "app", sent: ["spec": ["order": 2]])
        events.add("update", "zones", "app", result: Events.zone("app", ["order": 3]))
        #expect(
            events.history(present: ["app": Events.zone("app", ["order": 3])]).zones["app"]?.map(\.words) == [
                ["what it was before is not recorded; it says since:", "order 1"], ["what it changed is not recorded"],
                ["against its last recorded state, with changes between that are not recorded:", "order 3 (was 1)"],
            ])
    }

    @Test("what a zone says now and no request explains is told")
    func unexplained() {
        var events = Events()
        for name in ["a", "b", "c"] {
            events.add("create", "zones", name, code: 201, result: Events.zone(name, ["order": 1]))
        }
        events.add("delete", "zones", "c")
        let history = events.history(present: [
            "a": Events.zone("a", ["order": 5]), "c": Events.zone("c", ["order": 1]), "old": Events.zone("old", [:]),
        ])
        #expect(
            history.unexplained == [
                "a": ["it says now what no recorded request wrote:", "order 5 (was 1)"],
                "b": ["it is not there now, and no request that deleted it is recorded"],
                "c": ["it is there now, and no request that made it again is recorded"],
            ])
    }

    @Test("a log that goes on after the present was read explains it")
    func laterRequests() {
        func zone(_ generation: Int64, order: Int64) -> JSONValue {
            var zone = Events.zone("a", ["order": .int(order)])
            zone["metadata"]?["uid"] = "u"
            zone["metadata"]?["generation"] = .int(generation)
            return zone
        }
        var events = Events()
        events.add("create", "zones", "a", code: 201, result: zone(1, order: 1))
        events.add("update", "zones", "a", result: zone(2, order: 2))
        #expect(events.history(present: ["a": zone(1, order: 1)]).unexplained.isEmpty)
        #expect(events.history(present: ["a": zone(3, order: 3)]).unexplained.count == 1)
        // What was deleted and is there is told, for the deletion may have been a dry run that is not recorded as one.
        events.add("delete", "zones", "a")
        #expect(events.history(present: ["a": zone(2, order: 2)]).unexplained.count == 1)
    }

    @Test("finalizers hold a deleted zone until the last of them goes")
    func finalizers() {
        var events = Events()
        var zone = Events.zone("app", ["order": 1])
        zone["metadata"]?["deletionTimestamp"] = "2026-05-01T10:02:00Z"
        var held = zone
        held["metadata"]?["finalizers"] = ["x/y"]
        events.add("create", "zones", "app", code: 201, result: Events.zone("app", ["order": 1]))
        events.add("delete", "zones", "app", result: held)
        events.add("patch", "zones", "app", result: zone)
        let history = events.history()
        #expect(
            history.zones["app"]?.map { $0.words[0] } == [
                "created", "deletion begun; it holds until its finalizers are gone",
                "its last finalizer removed: deleted",
            ])
        #expect(history.unexplained.isEmpty)
    }

    @Test("the deletion of all zones is told of each, or of no name when none is recorded")
    func collections() {
        var events = Events()
        events.add("create", "zones", "a", code: 201, result: Events.zone("a", ["holes": [Events.hole("web")]]))
        events.add("deletecollection", "zones", nil, result: ["items": [Events.zone("a", [:])]])
        events.add("deletecollection", "zones", nil)
        let history = events.history()
        #expect(history.zones["a"]?.last?.words == ["deleted, with others", "hole web removed: \(Self.web)"])
        #expect(history.unnamed.map(\.words) == [["zones deleted; which ones is not recorded"]])
    }
}
