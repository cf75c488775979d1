import APIMachinery
import ClusterAPI
import Testing

@Suite struct CustomResourceTests {
    static func definition(
        plural: String = "widgets", kind: String = "Widget", group: String = "example.com"
    ) throws -> JSONValue {
        try json(
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
             "metadata":{"name":"\(plural).\(group)"},
             "spec":{"group":"\(group)","scope":"Namespaced",
              "names":{"plural":"\(plural)","singular":"widget","kind":"\(kind)","shortNames":["wd"],"categories":["all"]},
              "versions":[
               {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}},
                "subresources":{"status":{}},
                "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"},
                 {"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type=='Ready')].status"},
                 {"name":"Old","type":"date","jsonPath":".metadata.creationTimestamp","priority":1}]},
               {"name":"v1beta1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}},
               {"name":"v1alpha1","served":false,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
            """)
    }

    @Test("a definition is served in its versions until it goes")
    func registers() throws {
        var catalogue = ResourceCatalogue()
        let before = catalogue.resources
        let widget = try catalogue.register(crd: Self.definition())
        #expect(widget.qualifiedPlural == "widgets.example.com")
        #expect(widget.listKind == "WidgetList")
        #expect(widget.hasStatus)
        let beta = GroupVersion(group: "example.com", version: "v1beta1")
        #expect(catalogue.resource(at: beta, plural: "widgets") == widget)
        #expect(catalogue.resource(apiVersion: "example.com/v1", kind: "Widget") == widget)
        #expect(catalogue.resource(apiVersion: "example.com/v1alpha1", kind: "Widget") == nil)
        try catalogue.register(crd: Self.definition())
        #expect(catalogue.resources.count == before.count + 1)
        #expect(catalogue.unregister(crdName: "widgets.example.com") == widget)
        #expect(catalogue.resources == before)
        #expect(catalogue.unregister(crdName: "widgets.example.com") == nil)
    }

    @Test("names that another kind of the group has are refused")
    func refusesCollisions() throws {
        var catalogue = ResourceCatalogue()
        try catalogue.register(crd: Self.definition())
        let other = try Self.definition(plural: "gadgets")
        let status = try #require(throws: APIStatus.self) { try catalogue.register(crd: other) }
        #expect(status.code == 409)
        let builtIn = try Self.definition(plural: "zones", kind: "Zone", group: "gabion.io")
        #expect(throws: APIStatus.self) { try catalogue.register(crd: builtIn) }
    }

    @Test("a definition that was stored before its schema was looked at is served, but not written again")
    func servesEarlierDefinitions() throws {
        var definition = try Self.definition()
        let versions = (definition["spec"]?["versions"]?.array ?? []).map { version in
            var loose = version
            loose["schema"] = ["openAPIV3Schema": ["properties": ["spec": [:]]]]
            return loose
        }
        definition["spec"]?["versions"] = .array(versions)
        var catalogue = ResourceCatalogue()
        #expect(try catalogue.register(crd: definition).kind == "Widget")
        #expect(throws: APIStatus.self) {
            try write("CustomResourceDefinition").create(definition, uid: someUID, nameSuffix: "")
        }
    }

    /// What is changed in a good definition, and what the message then says.
    static let wrong: [(String, String, JSONValue?, String)] = [
        ("spec", "group", "example", "spec.group: Invalid value"),
        (
            "spec", "scope", "Global",
            #"spec.scope: Unsupported value: "Global": supported values: "Cluster", "Namespaced""#
        ),
        ("spec", "scope", nil, "spec.scope: Required value"),
        ("spec", "versions", [], "must have exactly one version marked as storage version"),
        ("spec", "names", nil, "spec.names.plural: Required value"),
        (
            "metadata", "name", "other.example.com",
            #"metadata.name: Invalid value: "other.example.com": must be spec.names.plural+".""#
        ),
    ]

    @Test("a broken definition gets 422", arguments: wrong)
    func refusesBroken(_ part: String, _ member: String, _ value: JSONValue?, _ message: String) throws {
        var definition = try Self.definition()
        definition[part]?[member] = value
        let writer = try write("CustomResourceDefinition")
        let status = try #require(throws: APIStatus.self) {
            try writer.create(definition, uid: someUID, nameSuffix: "")
        }
        #expect(status.code == 422)
        #expect(status.message.contains(message), "\(status.message)")
    }

    @Test("a definition's columns show in tables")
    func showsColumns() throws {
        var catalogue = ResourceCatalogue()
        let widget = try catalogue.register(crd: Self.definition())
        let object = try json(
            """
            {"metadata":{"name":"w","creationTimestamp":"2026-01-02T11:00:00Z"},"spec":{"size":3},
             "status":{"conditions":[{"type":"Odd","status":"x"},{"type":"Ready","status":"True"}]}}
            """)
        let table = TableRenderer(resource: widget, now: noon).table(of: [object, ["metadata": ["name": "v"]]])
        let names = table["columnDefinitions"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["Name", "Size", "Ready", "Old"])
        #expect(table["rows"]?.array?.first?["cells"] == ["w", 3, "True", "60m"])
        #expect(table["rows"]?.array?.last?["cells"] == ["v", .null, .null, "<unknown>"])
    }

    @Test("what a schema does not describe but preserves is kept as it is, and status is not created")
    func keepsContent() throws {
        var catalogue = ResourceCatalogue()
        var definition = try Self.definition()
        let versions = (definition["spec"]?["versions"]?.array ?? []).map { version in
            var open = version
            open["schema"]?["openAPIV3Schema"]?["x-kubernetes-preserve-unknown-fields"] = true
            return open
        }
        definition["spec"]?["versions"] = .array(versions)
        let widget = try catalogue.register(crd: definition)
        let writer = ObjectWrite(
            resource: widget, version: GroupVersion(group: "example.com", version: "v1beta1"), namespace: "n",
            fieldValidation: .strict, now: noon)
        let body = try json(#"{"metadata":{"name":"w"},"spec":{"a":null,"b":[]},"status":{"c":1}}"#)
        let stored = try writer.create(body, uid: someUID, nameSuffix: "").object
        #expect(stored["spec"] == (try json(#"{"a":null,"b":[]}"#)))
        #expect(stored["status"] == nil)
        #expect(stored["apiVersion"] == "example.com/v1")
    }
}
