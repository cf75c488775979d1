import ClusterAPI
import Testing

@testable import APIMachinery

/// Which schemas a CustomResourceDefinition may have.
@Suite struct StructuralSchemaRulesTests {
    private static let at = "spec.validation.openAPIV3Schema.properties[spec]"

    /// A schema of the field `x` of a spec, and what is found, by its path below the spec.
    static let wrong: [(String, [String])] = [
        (#"{}"#, ["properties[x].type: Required value: must not be empty for specified object fields"]),
        (
            #"{"type":"text"}"#,
            [
                #"properties[x].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string""#
            ]
        ),
        (#"{"type":"array"}"#, ["properties[x].items: Required value: must be specified"]),
        (
            #"{"type":"array","items":{}}"#,
            ["properties[x].items.type: Required value: must not be empty for specified array items"]
        ),
        (
            #"{"type":"string","pattern":"a("}"#,
            [
                #"properties[x].pattern: Invalid value: "a(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `a(`"#
            ]
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}}"#,
            [
                "properties[x].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"
            ]
        ),
        (
            #"{"type":"array","uniqueItems":true,"items":{"type":"string"}}"#,
            [
                "properties[x].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
            ]
        ),
        (#"{"type":"string","$ref":"a"}"#, ["properties[x].$ref: Forbidden: $ref is not supported"]),
        (
            #"{"type":"string","x-kubernetes-preserve-unknown-fields":false}"#,
            ["properties[x].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined"]
        ),
        (
            #"{"type":"object","oneOf":[{"required":["a"],"description":"d"},{"properties":{"b":{"type":"string"}}}]}"#,
            [
                "properties[x].oneOf[0].description: Forbidden: must be empty to be structural",
                "properties[x].oneOf[1].properties[b].type: Forbidden: must be empty to be structural",
            ]
        ),
        (
            #"{"type":"array","x-kubernetes-list-type":"map","items":{"type":"string"}}"#,
            [
                "properties[x].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
                #"properties[x].items.type: Invalid value: "string": must be object if parent array's x-kubernetes-list-type is map"#,
            ]
        ),
        (
            #"{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k","l"],"items":{"type":"object","properties":{"k":{"type":"string"}}}}"#,
            [
                #"properties[x].x-kubernetes-list-map-keys: Invalid value: []string{"k", "l"}: entries must all be names of item properties"#,
                "properties[x].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
            ]
        ),
        (
            #"{"type":"array","x-kubernetes-list-type":"set","items":{"type":"object"}}"#,
            [
                #"properties[x].items.x-kubernetes-map-type: Invalid value: "null": must be atomic as item of a list with x-kubernetes-list-type=set"#
            ]
        ),
        (
            #"{"type":"string","x-kubernetes-list-type":"bag"}"#,
            [
                #"properties[x].type: Invalid value: "string": must be array if x-kubernetes-list-type is specified"#,
                #"properties[x].x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map""#,
            ]
        ),
        (
            #"{"type":"array","items":[{"type":"string"}]}"#,
            ["properties[x].items: Forbidden: items must be a schema object and not an array"]
        ),
        (
            #"{"type":"integer","default":"a"}"#,
            [
                #"properties[x].default: Invalid value: "string": \#(at).properties[x].default in body must be of type integer: "string""#
            ]
        ),
        (
            #"{"type":"string","enum":["a"],"default":"b"}"#,
            [#"properties[x].default: Unsupported value: "b": supported values: "a""#]
        ),
        (
            #"{"type":"object","default":{"a":1}}"#,
            [
                #"properties[x].default: Invalid value: map[string]interface {}{"a":1}: must not have unknown fields"#
            ]
        ),
    ]

    @Test("a schema that is not structural is refused with 422", arguments: wrong)
    func refuses(_ field: String, _ findings: [String]) throws {
        let spec = #"{"type":"object","properties":{"x":\#(field)}}"#
        let definition = try SchemaFixtures.definition(spec: spec)
        let status = try #require(throws: APIStatus.self) {
            try write("CustomResourceDefinition").create(definition, uid: someUID, nameSuffix: "")
        }
        #expect(status.code == 422)
        // The message of a default that is invalid has no path: it is about the default alone.
        let expected = findings.map { "\(Self.at).\($0)".replacing("\(Self.at).properties[x].default in", with: " in") }
        #expect(status.details?.causes.map { "\($0.field): \($0.message)" } == expected)
    }

    @Test("the root of a schema is an object, and metadata only names")
    func refusesRoots() throws {
        for (schema, message) in [
            (#"{"type":"string"}"#, "must be object at the root"), (#"{}"#, "must not be empty at the root"),
            (#"{"type":"object","nullable":true}"#, "nullable cannot be true at the root"),
            (
                #"{"type":"object","properties":{"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}"#,
                "must not specify anything other than name and generateName, but metadata is implicitly specified"
            ),
            (#"{"type":"object","oneOf":[{"required":["a"]}]}"#, "fields are allowed at the root of the schema"),
            (
                #"{"type":"object","properties":{"metadata":{"type":"object","default":{}}}}"#,
                "must not be set in top-level metadata"
            ),
        ] {
            var definition = try SchemaFixtures.definition()
            var version = try #require(definition["spec"]?["versions"]?.array?.first)
            version["schema"] = ["openAPIV3Schema": try json(schema)]
            definition["spec"]?["versions"] = [version]
            let status = try #require(throws: APIStatus.self) {
                try write("CustomResourceDefinition").create(definition, uid: someUID, nameSuffix: "")
            }
            #expect(status.message.contains(message), "\(status.message)")
        }
    }

    @Test("what the root checks is in its structure, too")
    func refusesIncompleteRoots() throws {
        let schema = #"{"type":"object","anyOf":[{"properties":{"spec":{"minProperties":1}}}]}"#
        let errors = StructuralSchemaRules.errors(in: try json(schema), at: "s", hasStatus: false)
        #expect(
            errors.map(\.text) == [
                "s.properties[spec]: Required value: because it is defined in s.anyOf[0].properties[spec]"
            ])
    }

    @Test("a restricted name in the metadata is allowed, and holds")
    func restrictsNames() throws {
        let schema =
            #"{"type":"object","properties":{"metadata":{"type":"object","properties":{"name":{"type":"string","maxLength":3}}}}}"#
        var definition = try SchemaFixtures.definition()
        var version = try #require(definition["spec"]?["versions"]?.array?.first)
        version["schema"] = ["openAPIV3Schema": try json(schema)]
        definition["spec"]?["versions"] = [version]
        var catalogue = ResourceCatalogue()
        let widget = try catalogue.register(crd: definition)
        let writer = ObjectWrite(resource: widget, version: widget.storage, namespace: "n", now: noon)
        let refused = try #require(throws: APIStatus.self) {
            try writer.create(["metadata": ["name": "long"]], uid: someUID, nameSuffix: "")
        }
        #expect(refused.message.contains("metadata.name in body should be at most 3 chars long"))
    }

    @Test("the fixture's own definition is valid, and gets its defaults")
    func acceptsFixture() throws {
        let stored = try write("CustomResourceDefinition").create(
            SchemaFixtures.definition(), uid: someUID, nameSuffix: ""
        ).object
        #expect(stored["spec"]?["names"]?["listKind"] == "WidgetList")
        #expect(stored["spec"]?["conversion"]?["strategy"] == "None")
    }

    @Test(
        "names, scope and stored versions of a definition stay",
        arguments: [
            ("scope", #""Cluster""#, #"spec.scope: Invalid value: "Cluster": field is immutable"#),
            (
                "names", #"{"plural":"widgets","kind":"Gadget"}"#,
                #"spec.names.kind: Invalid value: "Gadget": field is immutable"#
            ),
            (
                "versions",
                #"[{"name":"v2","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]"#,
                #"status.storedVersions[0]: Invalid value: "v1": must appear in spec.versions"#
            ),
        ])
    func refusesUpdates(_ member: String, _ value: String, _ message: String) throws {
        let writer = try write("CustomResourceDefinition")
        var stored = try writer.create(SchemaFixtures.definition(), uid: someUID, nameSuffix: "").object
        stored["status"] = ["storedVersions": ["v1"]]
        var body = stored
        body["spec"]?[member] = try json(value)
        let status = try #require(throws: APIStatus.self) {
            try writer.update(body, replacing: stored, name: "widgets.example.com")
        }
        #expect(status.message.contains(message), "\(status.message)")
    }
}
