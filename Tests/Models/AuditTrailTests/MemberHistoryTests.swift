import APIMachinery
import AuditTrail
import ClusterAPI
import Testing

@Suite("Which namespaces and nodes came to other zones")
struct MemberHistoryTests {
    private static let present = Dictionary(
        uniqueKeysWithValues: ["app", "dmz"].map { name in
            (
                name,
                Events.zone(
                    name, ["namespaceSelector": Events.selector(name), "nodeSelector": Events.selector(name)])
            )
        })

    private static func namespace(_ zone: String) -> JSONValue { Events.labelled("Namespace", ["zone": zone]) }

    @Test("a namespace that is made, moved by its label, and deleted")
    func namespaces() {
        var events = Events()
        events.add("create", "namespaces", "shop", code: 201, result: Self.namespace("app"))
        events.add("patch", "namespaces", "shop", result: Events.labelled("Namespace", ["zone": "app", "team": "x"]))
        events.add("patch", "namespaces", "shop", user: "bob", result: Self.namespace("dmz"))
        events.add("patch", "namespaces", "shop", code: 403)
        events.add("delete", "namespaces", "shop", result: ["kind": "Status"])
        let moves = events.history(present: Self.present).moves
        #expect(Set(moves.map(\.subject)) == ["namespace shop"])
        #expect(
            moves.map(\.words) == [
                ["created in zone app"],
                ["from zone app to zone dmz", "label team none (was \"x\")", "label zone \"dmz\" (was \"app\")"],
                ["refused; nothing changed"], ["deleted; it was in zone dmz"],
            ])
        #expect(moves[1].request.user == "bob")
    }

    @Test("before there are zones, a namespace in none is nothing to tell")
    func beginnings() {
        var events = Events()
        events.add("create", "namespaces", "early", code: 201, result: Self.namespace("app"))
        events.add("create", "zones", "app", code: 201, result: Events.zone("app", ["order": 1]))
        events.add("create", "namespaces", "late", code: 201, result: Self.namespace("app"))
        #expect(events.history().moves.map { $0.subject + " " + $0.words[0] } == ["namespace late created in no zone"])
    }

    @Test("the zones are those of that time")
    func time() {
        var events = Events()
        events.add("create", "zones", "new", code: 201, result: Events.zone("new", ["namespaceSelector": [:]]))
        events.add("create", "namespaces", "shop", code: 201, result: Self.namespace("app"))
        events.add("delete", "zones", "new")
        events.add("patch", "namespaces", "shop", result: Self.namespace("none"))
        #expect(
            events.history(present: Self.present).moves.map { $0.words[0] } == [
                "created in zone app and zone new", "from zone app to no zone",
            ])
    }

    @Test("what is not recorded is said, and taken for nothing else")
    func unknown() {
        var events = Events()
        events.add("patch", "namespaces", "shop", result: Self.namespace("dmz"))
        events.add("patch", "namespaces", "shop")
        events.add("patch", "zones", "app")
        events.add("create", "namespaces", "late", code: 201, result: Self.namespace("dmz"))
        events.add("patch", "nodes", "n1")
        let history = events.history(present: Self.present)
        let gap = "of those recorded (not yet: app)"
        #expect(
            history.moves.map(\.words) == [
                ["it is in zone dmz \(gap) since; where it was before is not recorded"],
                ["whether its labels changed is not recorded"], ["created in zone dmz \(gap)"],
            ])
        #expect(history.silentNodeWrites == 1)
    }

    @Test("a node that is in no zone before and after makes no noise")
    func nodes() {
        var events = Events()
        events.add("create", "nodes", "n1", code: 201, result: Events.labelled("Node", [:]))
        events.add("patch", "nodes", "n1", result: Events.labelled("Node", ["x": "y"]))
        events.add("patch", "nodes", "n1", result: Events.labelled("Node", ["zone": "dmz"]))
        let moves = events.history(present: Self.present).moves
        #expect(
            moves.map(\.words) == [
                ["from no zone to zone dmz", "label x none (was \"y\")", "label zone \"dmz\" (was none)"]
            ])
        #expect(moves.map(\.subject) == ["node n1"])
    }
}
