import ClusterAPI
import Testing

@testable import APIMachinery

/// What the schema of a custom resource refuses, and in which words.
@Suite struct SchemaValidationTests {
    static let wrong: [(String, [String])] = [
        ("{}", ["spec.size: Required value"]),
        (
            #"{"size":"x"}"#,
            [#"spec.size: Invalid value: "string": spec.size in body must be of type integer: "string""#]
        ),
        (#"{"size":0}"#, ["spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"]),
        (#"{"size":11}"#, ["spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10"]),
        (
            #"{"size":1.5}"#,
            [#"spec.size: Invalid value: "number": spec.size in body must be of type integer: "number""#]
        ),
        (#"{"size":null}"#, ["spec.size: Required value"]),
        (#"{"size":1,"ratio":0}"#, ["spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0"]),
        (
            #"{"size":1,"ratio":0.3}"#,
            ["spec.ratio: Invalid value: 0.3: spec.ratio in body should be a multiple of 0.5"]
        ),
        (
            #"{"size":1,"name":"a"}"#,
            [#"spec.name: Invalid value: "a": spec.name in body should be at least 2 chars long"#]
        ),
        (
            #"{"size":1,"name":"abcdef"}"#,
            [#"spec.name: Invalid value: "abcdef": spec.name in body should be at most 5 chars long"#]
        ),
        (
            #"{"size":1,"name":"AB"}"#,
            [#"spec.name: Invalid value: "AB": spec.name in body should match '^[a-z]+$'"#]
        ),
        (
            #"{"size":1,"color":"blue"}"#,
            [#"spec.color: Unsupported value: "blue": supported values: "red", "green""#]
        ),
        (#"{"size":1,"num":3}"#, [#"spec.num: Unsupported value: 3: supported values: "1", "2""#]),
        (
            #"{"size":1,"on":"yes"}"#,
            [#"spec.on: Invalid value: "string": spec.on in body must be of type boolean: "string""#]
        ),
        (#"{"size":1,"list":[]}"#, ["spec.list: Invalid value: 0: spec.list in body should have at least 1 items"]),
        (
            #"{"size":1,"list":["a","b","c"]}"#,
            ["spec.list: Invalid value: 3: spec.list in body should have at most 2 items"]
        ),
        (
            #"{"size":1,"list":["a",3]}"#,
            [#"spec.list[1]: Invalid value: "integer": spec.list[1] in body must be of type string: "integer""#]
        ),
        (
            #"{"size":1,"list":"a"}"#,
            [#"spec.list: Invalid value: "string": spec.list in body must be of type array: "string""#]
        ),
        (#"{"size":1,"set":["a","b","a","a"]}"#, [#"spec.set[2]: Duplicate value: "a""#]),
        (
            #"{"size":1,"ports":[{"port":1},{"port":1,"protocol":"TCP"}]}"#,
            [#"spec.ports[1]: Duplicate value: map[string]interface {}{"port":1, "protocol":"TCP"}"#]
        ),
        (
            #"{"size":1,"hosts":[{"ip":"a"},{"ip":"b"},{"ip":"a"}]}"#,
            [#"spec.hosts[2]: Duplicate value: map[string]interface {}{"ip":"a"}"#]
        ),
        (
            #"{"size":1,"labels":{}}"#,
            ["spec.labels: Invalid value: 1: spec.labels in body should have at least 1 properties"]
        ),
        (
            #"{"size":1,"labels":{"a":1}}"#,
            [#"spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer""#]
        ),
        (
            #"{"size":1,"target":1.5}"#,
            [#"spec.target: Invalid value: "number": spec.target in body must be of type integer,string: "number""#]
        ),
        (
            #"{"size":1,"time":"yesterday"}"#,
            [#"spec.time: Invalid value: "yesterday": spec.time in body must be of type date-time: "yesterday""#]
        ),
        (
            #"{"size":1,"ip":"::1"}"#,
            [#"spec.ip: Invalid value: "::1": spec.ip in body must be of type ipv4: "::1""#]
        ),
        (
            #"{"size":1,"either":{}}"#,
            [
                #"<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found none valid"#,
                "spec.either.a: Required value",
            ]
        ),
        (
            #"{"size":1,"either":{"a":"1","b":"2"}}"#,
            [
                #"<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found 2 valid alternatives"#
            ]
        ),
        (
            #"{"size":1,"any":{}}"#,
            [
                #"<nil>: Invalid value: "": "spec.any" must validate at least one schema (anyOf)"#,
                "spec.any.a: Required value",
            ]
        ),
        (
            #"{"size":1,"all":{"a":"1"}}"#,
            [
                "spec.all.b: Required value",
                #"<nil>: Invalid value: "": "spec.all" must validate all the schemas (allOf)"#,
            ]
        ),
        (
            #"{"size":1,"no":{"a":"1"}}"#,
            [#"<nil>: Invalid value: "": "spec.no" must not validate the schema (not)"#]
        ),
        (#"{"size":1,"deep":[{"k":"a"},{"v":1}]}"#, ["spec.deep[1].k: Required value"]),
        ("null", ["spec: Required value"]),
        ("3", [#"spec: Invalid value: "integer": spec in body must be of type object: "integer""#]),
    ]

    @Test("an object that the schema does not allow gets 422 with each finding", arguments: wrong)
    func refuses(_ spec: String, _ findings: [String]) throws {
        let writer = try SchemaFixtures.writer()
        let body = try SchemaFixtures.widget(spec: spec)
        let status = try #require(throws: APIStatus.self) { try writer.create(body, uid: someUID, nameSuffix: "") }
        #expect(status.code == 422)
        let list = findings.count == 1 ? findings[0] : "[\(findings.joined(separator: ", "))]"
        #expect(status.message == "Widget.example.com \"w\" is invalid: \(list)")
        #expect(status.details?.causes.map { "\($0.field): \($0.message)" } == findings)
    }

    @Test("all findings come at once, fields in order")
    func tellsAll() throws {
        let writer = try SchemaFixtures.writer()
        let body = try SchemaFixtures.widget(spec: #"{"size":0,"name":"","color":"x","num":"1"}"#)
        let status = try #require(throws: APIStatus.self) { try writer.create(body, uid: someUID, nameSuffix: "") }
        #expect(
            status.details?.causes.map(\.field) == ["spec.color", "spec.name", "spec.num", "spec.num", "spec.size"])
        #expect(
            status.details?.causes.map(\.reason) == [
                "FieldValueNotSupported", "FieldValueInvalid", "FieldValueInvalid", "FieldValueNotSupported",
                "FieldValueInvalid",
            ])
    }

    @Test(
        "what the schema allows passes",
        arguments: [
            #"{"size":1}"#, #"{"size":10,"ratio":1.5,"name":"abc","color":"green","on":false,"num":2}"#,
            #"{"size":1.0,"list":["a"],"set":["a","b"],"labels":{"a":"1"}}"#, #"{"size":1,"target":1}"#,
            #"{"size":1,"target":"http"}"#, #"{"size":1,"maybe":null}"#,
            #"{"size":1,"time":"2026-01-02T03:04:05+01:00"}"#,
            #"{"size":1,"ports":[{"port":1},{"port":1,"protocol":"UDP"}]}"#, #"{"size":1,"either":{"b":""}}"#,
            #"{"size":1,"any":{"a":"","b":""},"all":{"a":"","b":""},"no":{"b":""}}"#,
        ])
    func allows(_ spec: String) throws {
        _ = try SchemaFixtures.writer().create(try SchemaFixtures.widget(spec: spec), uid: someUID, nameSuffix: "")
    }

    @Test("an update is held against the schema, but a list that was wrong before holds nothing up")
    func updates() throws {
        let writer = try SchemaFixtures.writer()
        var old = try SchemaFixtures.widget(spec: #"{"size":1,"set":["a","a"]}"#)
        old["metadata"] = ["name": "w", "namespace": "n", "uid": .string(someUID), "generation": 3]
        var body = old
        body["spec"]?["size"] = 2
        let stored = try writer.update(body, replacing: old, name: "w").object
        #expect(stored["metadata"]?["generation"] == 4)
        #expect(stored["spec"]?["color"] == "red")
        body["spec"]?["size"] = 20
        #expect(throws: APIStatus.self) { try writer.update(body, replacing: old, name: "w") }
        let status: JSONValue = ["metadata": ["name": "w"], "status": ["count": "many"]]
        let refused = try #require(throws: APIStatus.self) {
            try writer.update(status, replacing: stored, name: "w", part: .status)
        }
        #expect(refused.message.contains("status.count in body must be of type integer"))
    }
}
