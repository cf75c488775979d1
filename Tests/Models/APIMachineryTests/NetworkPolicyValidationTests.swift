import APIMachinery
import ClusterAPI
import Testing

@Suite struct NetworkPolicyValidationTests {
    static func policy(_ spec: String) -> String { #"{"metadata":{"name":"x"},"spec":\#(spec)}"# }

    /// A wrong spec and what the real server says of it after `NetworkPolicy.networking.k8s.io "x" is invalid: `.
    static let wrong: [(String, String)] = [
        (
            #"{"podSelector":{},"ingress":[{"ports":[{"port":70000}]}]}"#,
            "spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"
        ),
        (
            #"{"podSelector":{},"ingress":[{"ports":[{"port":0}]}]}"#,
            "spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"
        ),
        (
            #"{"podSelector":{},"egress":[{"ports":[{"port":"this-is-too-long-a-name"}]}]}"#,
            #"spec.egress[0].ports[0].port: Invalid value: "this-is-too-long-a-name": must be no more than 15 characters"#
        ),
        (
            #"{"podSelector":{},"egress":[{"ports":[{"port":"80"}]}]}"#,
            #"spec.egress[0].ports[0].port: Invalid value: "80": must contain at least one letter (a-z)"#
        ),
        (
            #"{"podSelector":{},"ingress":[{"ports":[{"port":80,"endPort":79}]}]}"#,
            "spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`"
        ),
        (
            #"{"podSelector":{},"ingress":[{"ports":[{"endPort":79}]}]}"#,
            "spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is not specified"
        ),
        (
            #"{"podSelector":{},"ingress":[{"ports":[{"port":"web","endPort":79}]}]}"#,
            "spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is non-numeric"
        ),
        (
            #"{"podSelector":{},"ingress":[{"ports":[{"port":80,"protocol":"ICMP"}]}]}"#,
            #"spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP""#
        ),
        (
            #"{"podSelector":{},"ingress":[{"from":[{}]}]}"#,
            "spec.ingress[0].from[0]: Required value: must specify a peer"
        ),
        (
            #"{"podSelector":{},"egress":[{"to":[{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}"#,
            "spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer"
        ),
        (
            #"{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":""}}]}]}"#,
            "spec.egress[0].to[0].ipBlock.cidr: Required value"
        ),
        (
            #"{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/33"}}]}]}"#,
            #"spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"#
        ),
        (
            #"{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["11.0.0.0/16"]}}]}]}"#,
            #"spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`"#
        ),
        (
            #"{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.0.0.0/8"]}}]}]}"#,
            #"spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`"#
        ),
        (
            #"{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"fd00::/8","except":["10.0.0.0/16"]}}]}]}"#,
            #"spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "10.0.0.0/16": must be a strict subset of `cidr`"#
        ),
        (
            #"{"podSelector":{},"policyTypes":["ingress"]}"#,
            #"spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress""#
        ),
        (
            #"{"podSelector":{},"policyTypes":["Ingress","Egress","Ingress"]}"#,
            #"spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes"#
        ),
        (
            #"{"podSelector":{"matchExpressions":[{"key":"a","operator":"In"}]}}"#,
            "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
        ),
        (
            #"{"podSelector":{"matchExpressions":[{"key":"a","operator":"Exists","values":["b"]}]}}"#,
            "spec.podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
        ),
        (
            #"{"podSelector":{"matchExpressions":[{"key":"a","operator":"Is"}]}}"#,
            #"spec.podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator"#
        ),
        (
            #"{"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"a":"-"}}}]}]}"#,
            #"spec.ingress[0].from[0].namespaceSelector.matchLabels: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#
        ),
    ]

    @Test("a bad NetworkPolicy gets 422 with the field's path, in the real server's words", arguments: wrong)
    func refuses(_ spec: String, _ expected: String) throws {
        let status = try refusal("NetworkPolicy", Self.policy(spec))
        #expect(status.message == #"NetworkPolicy.networking.k8s.io "x" is invalid: "# + expected)
        #expect(status.code == 422)
        #expect(status.reason == "Invalid")
        let cause = try #require(status.details?.causes.first)
        #expect(status.details?.causes.count == 1)
        #expect("\(cause.field): \(cause.message)" == expected)
    }

    @Test("several findings come together, in brackets, with one cause each")
    func collects() throws {
        let status = try refusal(
            "NetworkPolicy", Self.policy(#"{"ingress":[{"ports":[{"port":0},{"port":65536}],"from":[{}]}]}"#))
        #expect(
            status.message
                == #"NetworkPolicy.networking.k8s.io "x" is invalid: [spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ingress[0].ports[1].port: Invalid value: 65536: must be between 1 and 65535, inclusive, spec.ingress[0].from[0]: Required value: must specify a peer]"#
        )
        #expect(
            status.details?.causes.map(\.reason) == ["FieldValueInvalid", "FieldValueInvalid", "FieldValueRequired"])
        #expect(status.details?.group == "networking.k8s.io")
        #expect(status.details?.kind == "NetworkPolicy")
    }

    /// A spec as written and as stored.
    static let defaults: [(String, String)] = [
        ("{}", #"{"podSelector":{},"policyTypes":["Ingress"]}"#),
        (#"{"podSelector":{},"egress":[]}"#, #"{"podSelector":{},"egress":[],"policyTypes":["Ingress"]}"#),
        (#"{"egress":[{}]}"#, #"{"podSelector":{},"egress":[{}],"policyTypes":["Ingress","Egress"]}"#),
        (#"{"policyTypes":["Egress"]}"#, #"{"podSelector":{},"policyTypes":["Egress"]}"#),
        (
            #"{"ingress":[{"ports":[{"port":80},{"port":"dns","protocol":"UDP"},{}]}]}"#,
            #"{"podSelector":{},"ingress":[{"ports":[{"port":80,"protocol":"TCP"},{"port":"dns","protocol":"UDP"},{"protocol":"TCP"}]}],"policyTypes":["Ingress"]}"#
        ),
        (
            #"{"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.1/8","except":["10.1.0.0/16"]}}],"ports":[{"port":1,"endPort":65535,"protocol":"SCTP"}]}]}"#,
            #"{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.1/8","except":["10.1.0.0/16"]}}],"ports":[{"port":1,"endPort":65535,"protocol":"SCTP"}]}],"policyTypes":["Ingress"]}"#
        ),
    ]

    @Test("a good NetworkPolicy is stored with its defaults", arguments: defaults)
    func setsDefaults(_ spec: String, _ stored: String) throws {
        let object = try create("NetworkPolicy", Self.policy(spec))
        #expect(object["spec"] == (try json(stored)))
        #expect(object["apiVersion"] == "networking.k8s.io/v1")
    }

    @Test("extensions/v1beta1 is the same policy in another version")
    func convertsOldVersion() throws {
        let old = GroupVersion(group: "extensions", version: "v1beta1")
        let writer = try write("NetworkPolicy", version: old)
        let body = try json(
            #"{"apiVersion":"extensions/v1beta1","kind":"NetworkPolicy","metadata":{"name":"x"},"spec":{"podSelector":{}}}"#
        )
        let stored = try writer.create(body, uid: someUID, nameSuffix: "").object
        #expect(stored["apiVersion"] == "networking.k8s.io/v1")
        let shown = writer.resource.converted(stored, to: old)
        #expect(shown["apiVersion"] == "extensions/v1beta1")
        #expect(shown["spec"] == stored["spec"])
    }

    @Test("unknown fields: dropped, warned of, or refused, as fieldValidation asks")
    func checksFields() throws {
        let text = Self.policy(#"{"podSelector":{},"ingress":[{"form":[{}],"ports":[{"prot":"TCP"}]}]}"#)
        let warned = try write("NetworkPolicy").create(try json(text), uid: someUID, nameSuffix: "")
        #expect(
            warned.warnings == [
                #"unknown field "spec.ingress[0].form""#, #"unknown field "spec.ingress[0].ports[0].prot""#,
            ])
        #expect(warned.object["spec"]?["ingress"] == [["ports": [["protocol": "TCP"]]]])
        let silent = try write("NetworkPolicy", validation: .ignore).create(
            try json(text), uid: someUID, nameSuffix: "")
        #expect(silent.warnings.isEmpty)
        let status = try refusal("NetworkPolicy", text, validation: .strict)
        #expect(status.code == 400)
        #expect(
            status.message
                == #"NetworkPolicy in version "v1" cannot be handled as a NetworkPolicy: strict decoding error: unknown field "spec.ingress[0].form", unknown field "spec.ingress[0].ports[0].prot""#
        )
    }

    @Test(
        "values of the wrong JSON type get 400 with the place",
        arguments: [
            (#"{"podSelector":[]}"#, "spec.podSelector"), (#"{"ingress":{}}"#, "spec.ingress"),
            (#"{"ingress":[{"ports":[{"port":{}}]}]}"#, "spec.ingress[0].ports[0].port"),
            (#"{"ingress":[{"ports":[{"endPort":"80"}]}]}"#, "spec.ingress[0].ports[0].endPort"),
            (#""text""#, "spec"),
        ])
    func checksTypes(_ spec: String, _ field: String) throws {
        let status = try refusal("NetworkPolicy", Self.policy(spec))
        #expect(status.code == 400)
        #expect(status.message.contains("into field \(field) of type"), "\(status.message)")
    }
}
