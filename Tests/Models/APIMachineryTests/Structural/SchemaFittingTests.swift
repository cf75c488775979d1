import APIMachinery
import ClusterAPI
import Testing

/// What a schema makes of an object before it is stored.
@Suite struct SchemaFittingTests {
    static let table: [(String, String)] = [
        (#"{"size":1}"#, #"{"size":1,"color":"red"}"#),
        (#"{"size":1,"color":"green","extra":1}"#, #"{"size":1,"color":"green"}"#),
        (#"{"size":1,"color":null,"name":null,"maybe":null}"#, #"{"size":1,"color":"red","maybe":null}"#),
        (
            #"{"size":1,"deep":[{"k":"a","zz":1},{"k":"b","v":null}]}"#,
            #"{"size":1,"color":"red","deep":[{"k":"a","v":7},{"k":"b","v":7}]}"#
        ),
        (
            #"{"size":1,"free":{"u":{"a":null},"x":{"y":1,"z":2}}}"#,
            #"{"size":1,"color":"red","free":{"u":{"a":null},"x":{"y":1}}}"#
        ),
        (
            #"{"size":1,"ports":[{"port":1,"what":{}}]}"#,
            #"{"size":1,"color":"red","ports":[{"port":1,"protocol":"TCP"}]}"#
        ),
    ]

    @Test("unknown fields and stray nulls go, defaults come", arguments: table)
    func fits(_ spec: String, _ expected: String) throws {
        let body = try SchemaFixtures.widget(spec: spec)
        let stored = try SchemaFixtures.writer().create(body, uid: someUID, nameSuffix: "").object
        #expect(stored["spec"] == (try json(expected)))
    }

    @Test("fields that went are told, or refused where that is asked for")
    func tellsUnknownFields() throws {
        let body = try SchemaFixtures.widget(spec: #"{"size":1,"b":{"c":1},"deep":[{"k":"a"},{"k":"b","x":1}]}"#)
        let result = try SchemaFixtures.writer().create(body, uid: someUID, nameSuffix: "")
        #expect(result.warnings == [#"unknown field "spec.b""#, #"unknown field "spec.deep[1].x""#])
        let strict = try SchemaFixtures.writer(validation: .strict)
        let refused = try #require(throws: APIStatus.self) { try strict.create(body, uid: someUID, nameSuffix: "") }
        #expect(refused.code == 400)
        #expect(
            refused.message
                == #"Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.b", unknown field "spec.deep[1].x""#
        )
        let silent = try SchemaFixtures.writer(validation: .ignore)
        #expect(try silent.create(body, uid: someUID, nameSuffix: "").warnings == [])
    }

    @Test("embedded objects keep apiVersion, kind and metadata")
    func keepsEmbeddedMeta() throws {
        let spec = """
            {"type":"object","properties":{"template":{"type":"object","x-kubernetes-embedded-resource":true,
             "properties":{"spec":{"type":"object","properties":{"a":{"type":"integer"}}}}}}}
            """
        var catalogue = ResourceCatalogue()
        let widget = try catalogue.register(crd: SchemaFixtures.definition(spec: spec))
        let writer = ObjectWrite(resource: widget, version: widget.storage, namespace: "n", now: noon)
        let template = #"{"apiVersion":"v1","kind":"X","metadata":{"labels":{"a":"b"}},"spec":{"a":1,"b":2},"c":1}"#
        let body = try SchemaFixtures.widget(spec: #"{"template":\#(template)}"#)
        let stored = try writer.create(body, uid: someUID, nameSuffix: "").object
        let kept = try json(#"{"apiVersion":"v1","kind":"X","metadata":{"labels":{"a":"b"}},"spec":{"a":1}}"#)
        #expect(stored["spec"]?["template"] == kept)
    }

    @Test("each version shows the fields that its own schema has")
    func convertsByVersion() throws {
        var definition = try SchemaFixtures.definition(
            spec: #"{"type":"object","properties":{"a":{"type":"integer"}}}"#)
        var old = try #require(definition["spec"]?["versions"]?.array?.first)
        old["name"] = "v1beta1"
        old["storage"] = false
        old["schema"] = try json(
            #"{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"b":{"type":"integer"}}}}}}"#
        )
        let versions = (definition["spec"]?["versions"]?.array ?? []) + [old]
        definition["spec"]?["versions"] = .array(versions)
        var catalogue = ResourceCatalogue()
        let widget = try catalogue.register(crd: definition)
        let beta = GroupVersion(group: "example.com", version: "v1beta1")
        let object = try json(#"{"apiVersion":"example.com/v1","metadata":{"name":"w"},"spec":{"a":1,"b":2}}"#)
        #expect(widget.converted(object, to: beta)["spec"] == ["b": 2])
        #expect(widget.converted(object, to: widget.storage)["spec"] == ["a": 1, "b": 2])
    }
}
