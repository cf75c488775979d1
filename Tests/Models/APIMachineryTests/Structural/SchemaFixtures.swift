import ClusterAPI

@testable import APIMachinery

/// A kind with everything that a schema can say.
enum SchemaFixtures {
    static let spec = """
        {"type":"object","required":["size"],"properties":{
          "size":{"type":"integer","minimum":1,"maximum":10},
          "ratio":{"type":"number","exclusiveMinimum":true,"minimum":0,"multipleOf":0.5},
          "name":{"type":"string","minLength":2,"maxLength":5,"pattern":"^[a-z]+$"},
          "color":{"type":"string","enum":["red","green"],"default":"red"},
          "on":{"type":"boolean"},
          "num":{"type":"integer","enum":[1,2]},
          "list":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string","minLength":1}},
          "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
          "ports":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["port","protocol"],
           "items":{"type":"object","required":["port"],"properties":{
            "port":{"type":"integer"},"protocol":{"type":"string","default":"TCP"},"note":{"type":"string"}}}},
          "hosts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["ip"],
           "items":{"type":"object","required":["ip"],"properties":{"ip":{"type":"string"},"n":{"type":"integer"}}}},
          "labels":{"type":"object","maxProperties":2,"minProperties":1,"additionalProperties":{"type":"string"}},
          "target":{"x-kubernetes-int-or-string":true},
          "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{
           "x":{"type":"object","properties":{"y":{"type":"integer"}}}}},
          "maybe":{"type":"string","nullable":true},
          "time":{"type":"string","format":"date-time"},
          "ip":{"type":"string","format":"ipv4"},
          "either":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
           "oneOf":[{"required":["a"]},{"required":["b"]}]},
          "any":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
           "anyOf":[{"required":["a"]},{"required":["b"]}]},
          "all":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
           "allOf":[{"required":["a"]},{"required":["b"]}]},
          "no":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"not":{"required":["a"]}},
          "deep":{"type":"array","items":{"type":"object","required":["k"],"properties":{
           "k":{"type":"string"},"v":{"type":"integer","default":7}}}}
        }}
        """

    static func definition(spec: String = SchemaFixtures.spec) throws -> JSONValue {
        try json(
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
             "metadata":{"name":"widgets.example.com"},
             "spec":{"group":"example.com","scope":"Namespaced",
              "names":{"plural":"widgets","singular":"widget","kind":"Widget"},
              "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
               "schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
                "spec":\(spec),
                "status":{"type":"object","properties":{"ready":{"type":"boolean"},"count":{"type":"integer"}}}}}}}]}}
            """)
    }

    static func writer(validation: FieldValidation = .warn) throws -> ObjectWrite {
        var catalogue = ResourceCatalogue()
        let widget = try catalogue.register(crd: definition())
        return ObjectWrite(
            resource: widget, version: widget.storage, namespace: "n", fieldValidation: validation, now: noon)
    }

    static func widget(spec: String) throws -> JSONValue {
        try json(#"{"metadata":{"name":"w"},"spec":\#(spec)}"#)
    }
}
