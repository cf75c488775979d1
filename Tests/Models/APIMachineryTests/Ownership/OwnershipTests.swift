import ClusterAPI
import Testing

@testable import APIMachinery

@Suite struct OwnershipTests {
    @Test("an applier owns what it states, and fields that it no longer states go")
    func prunes() throws {
        var widget = try OwnershipFixture.widget()
        try widget.apply(
            ["a": 1, "map": ["k": 1, "l": 2], "items": [["name": "i", "x": 1], ["name": "j"]]], by: "one")
        #expect(
            widget.owned == [
                "Apply one": [
                    ".spec.a", #".spec.items[name="i"]"#, #".spec.items[name="i"].name"#, #".spec.items[name="i"].x"#,
                    #".spec.items[name="j"]"#, #".spec.items[name="j"].name"#, ".spec.map.k", ".spec.map.l",
                ]
            ])
        try widget.apply(["map": ["l": 2], "items": [["name": "j", "y": 3]]], by: "one")
        #expect(widget.spec == ["map": ["l": 2], "items": [["name": "j", "y": 3]]])
    }

    @Test("two appliers may own a field together, and it stays until both have left it")
    func shares() throws {
        var widget = try OwnershipFixture.widget()
        try widget.apply(["a": 1, "b": 1], by: "one")
        try widget.apply(["a": 1], by: "two")
        #expect(widget.owned == ["Apply one": [".spec.a", ".spec.b"], "Apply two": [".spec.a"]])
        try widget.apply(["b": 1], by: "one")
        #expect(widget.spec == ["a": 1, "b": 1])
        try widget.apply([:], by: "two")
        #expect(widget.spec == ["b": 1])
    }

    @Test("a selector has one owner, who says all of it: two halves would select what nobody wanted")
    func selectors() throws {
        let policies = try #require(
            ResourceCatalogue().resource(apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy"))
        var policy = OwnershipFixture(policies)
        try policy.apply(["podSelector": ["matchLabels": ["color": "green"]]], by: "one")
        #expect(policy.owned == ["Apply one": [".spec.podSelector"]])
        let conflict = try #require(throws: APIStatus.self) {
            try policy.apply(["podSelector": ["matchLabels": ["tier": "front"]]], by: "two")
        }
        #expect(conflict.message == #"Apply failed with 1 conflict: conflict with "one": .spec.podSelector"#)
    }

    @Test("another value for a field of somebody else is a conflict, which force decides")
    func conflicts() throws {
        var widget = try OwnershipFixture.widget()
        try widget.apply(["a": 1, "items": [["name": "i", "x": 1]]], by: "one")
        widget.update(["a": 1, "b": 5, "items": [["name": "i", "x": 1]]], by: "hand")
        let one = try #require(throws: APIStatus.self) { try widget.apply(["a": 2], by: "two") }
        #expect(one.code == 409 && one.reason == "Conflict")
        #expect(one.message == #"Apply failed with 1 conflict: conflict with "one": .spec.a"#)
        let both = try #require(throws: APIStatus.self) {
            try widget.apply(["a": 2, "b": 6, "items": [["name": "i", "x": 2]]], by: "two")
        }
        #expect(
            both.message == """
                Apply failed with 3 conflicts: conflicts with "hand" using example.com/v1:
                - .spec.b
                conflicts with "one":
                - .spec.a
                - .spec.items[name="i"].x
                """)
        #expect(both.details?.causes.map(\.reason) == Array(repeating: "FieldManagerConflict", count: 3))
        #expect(both.details?.causes.map(\.field) == [".spec.b", ".spec.a", #".spec.items[name="i"].x"#])
        try widget.apply(["a": 2], by: "two", force: true)
        #expect(widget.spec?["a"] == 2)
        #expect(widget.owned["Apply one"]?.contains(".spec.a") == false)
        #expect(widget.owned["Apply two"] == [".spec.a"])
    }

    @Test("an ordinary write takes what it changes, without a conflict")
    func updates() throws {
        var widget = try OwnershipFixture.widget()
        try widget.apply(["a": 1, "b": 1, "set": ["x"]], by: "one")
        widget.update(["a": 2, "set": ["x", "y"]], by: "hand")
        #expect(widget.owned == ["Apply one": [#".spec.set[="x"]"#], "Update hand": [".spec.a", #".spec.set[="y"]"#]])
        let before = widget.object
        widget.update(["a": 2, "set": ["x", "y"]], by: "other")
        #expect(widget.object == before)
    }

    @Test("elements of sets and maps merge, whole lists and maps do not")
    func mergesLists() throws {
        var widget = try OwnershipFixture.widget()
        try widget.apply(
            ["set": ["a"], "list": ["a"], "items": [["name": "i", "x": 1]], "whole": ["k": 1]], by: "one")
        try widget.apply(["set": ["b", "a"], "items": [["name": "h"], ["name": "i", "y": 2]]], by: "two")
        #expect(widget.spec?["set"] == ["a", "b"])
        #expect(widget.spec?["items"] == [["name": "i", "x": 1, "y": 2], ["name": "h"]])
        for spec: JSONValue in [["list": ["a", "b"]], ["whole": ["l": 1]]] {
            #expect(throws: APIStatus.self) { try widget.apply(spec, by: "two") }
        }
        try widget.apply(["set": ["b"]], by: "two")
        #expect(widget.spec?["set"] == ["a", "b"])
        #expect(widget.spec?["items"] == [["name": "i", "x": 1]])
    }

    @Test("what was there before anybody applied has an owner of its own")
    func ownsEarlierFields() throws {
        let old = try json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"w"},"data":{"k":"1","l":"2"}}"#)
        let rules = Ownership(resource: try builtIn("ConfigMap"), version: try builtIn("ConfigMap").storage, now: noon)
        var new = old
        new["data"] = ["k": "9"]
        let writer = FieldWriter(manager: "one", operation: .apply)
        let refused = try #require(throws: APIStatus.self) {
            try rules.applied(new, to: old, by: writer, force: false)
        }
        #expect(
            refused.message == #"Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.k"#)
        let forced = try rules.applied(new, to: old, by: writer, force: true)
        #expect(forced.object["data"] == ["k": "9", "l": "2"])
        #expect(forced.owners.entries.map(\.writer.manager) == ["before-first-apply", "one"])
    }

    /// A kind, two configurations that do not conflict, and what is owned.
    static let builtIns: [(String, String, String, [String])] = [
        (
            "Service", #"{"ports":[{"port":80,"name":"a"},{"port":80,"protocol":"UDP","name":"b"}]}"#,
            #"{"ports":[{"port":80,"protocol":"TCP","targetPort":8080}]}"#,
            [
                #".spec.ports[port=80,protocol="TCP"]"#, #".spec.ports[port=80,protocol="TCP"].port"#,
                #".spec.ports[port=80,protocol="TCP"].protocol"#, #".spec.ports[port=80,protocol="TCP"].targetPort"#,
            ]
        ),
        (
            "Pod", #"{"containers":[{"name":"a","image":"x"}]}"#,
            #"{"containers":[{"name":"a","env":[{"name":"E","value":"1"}],"ports":[{"containerPort":1}]}],"tolerations":[{"key":"k"}]}"#,
            [
                #".spec.containers[name="a"]"#, #".spec.containers[name="a"].env[name="E"]"#,
                #".spec.containers[name="a"].env[name="E"].name"#, #".spec.containers[name="a"].env[name="E"].value"#,
                #".spec.containers[name="a"].name"#,
                #".spec.containers[name="a"].ports[containerPort=1,protocol="TCP"]"#,
                #".spec.containers[name="a"].ports[containerPort=1,protocol="TCP"].containerPort"#, ".spec.tolerations",
            ]
        ),
    ]

    @Test("lists of built-in kinds merge by the keys of Kubernetes", arguments: builtIns)
    func mergesBuiltIns(_ kind: String, _ first: String, _ second: String, _ owned: [String]) throws {
        var fixture = OwnershipFixture(try builtIn(kind))
        try fixture.apply(try json(first), by: "one")
        try fixture.apply(try json(second), by: "two")
        #expect(fixture.owned["Apply two"] == owned)
    }

    @Test(
        "a configuration that cannot be merged is refused",
        arguments: [
            ("Pod", #"{"nothing":1}"#, ".spec.nothing: field not declared in schema"),
            (
                "Pod", #"{"containers":[{"image":"x"}]}"#,
                #".spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)"#
            ),
            (
                "Pod", #"{"containers":[{"name":"a"},{"name":"a"}]}"#,
                #".spec.containers: duplicate entries for key [name="a"]"#
            ),
        ])
    func refuses(_ kind: String, _ spec: String, _ message: String) throws {
        var fixture = OwnershipFixture(try builtIn(kind))
        let status = try #require(throws: APIStatus.self) { try fixture.apply(try json(spec), by: "one") }
        #expect(status.code == 400 && status.message == "failed to create typed patch object: \(message)")
    }

    @Test("fields are told as FieldsV1 and read back")
    func encodes() throws {
        var widget = try OwnershipFixture.widget()
        try widget.apply(["map": ["k": 1], "set": ["s"], "items": [["name": "i"]]], by: "one")
        let expected = try json(
            #"{"f:spec":{"f:map":{"f:k":{}},"f:set":{"v:\"s\"":{}},"f:items":{"k:{\"name\":\"i\"}":{".":{},"f:name":{}}}}}"#
        )
        let entry = widget.object?["metadata"]?["managedFields"]?.array?.first
        #expect(entry?["fieldsV1"] == expected)
        #expect(entry?["manager"] == "one" && entry?["operation"] == "Apply" && entry?["fieldsType"] == "FieldsV1")
        #expect(entry?["apiVersion"] == "example.com/v1" && entry?["time"] == "2026-01-02T12:00:00Z")
        #expect(FieldSet(expected)?.document == expected)
        #expect(FieldSet(["spec": [:]]) == nil)
    }

    @Test("an object with many writers keeps the ten that wrote last")
    func capsWriters() throws {
        var widget = try OwnershipFixture.widget()
        for number in 0..<15 { widget.update(["map": .object(["k\(number)": 1])], by: "m\(number)") }
        var all = JSONValue.object([:])
        for number in 0..<15 {
            all["k\(number)"] = 1
            widget.update(["map": all], by: "n\(number)")
        }
        let owners = try #require(ManagedFields(widget.object?["metadata"]?["managedFields"]))
        #expect(owners.entries.count == 10)
        let known = owners.entries.reduce(FieldSet()) { $0.union($1.fields) }
        for number in 0..<15 { #expect(known.contains(["f:spec", "f:map", "f:k\(number)"])) }
    }
}
