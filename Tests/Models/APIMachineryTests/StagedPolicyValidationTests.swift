import APIMachinery
import ClusterAPI
import Testing

/// What the server makes of objects that stage a policy.
@Suite struct StagedPolicyValidationTests {
    private static let head = #""apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy""#
    private static let admin = #""apiVersion":"policy.networking.k8s.io/v1alpha1","kind":"AdminNetworkPolicy""#

    /// Kind, spec, and what the message must contain.
    static let wrong: [(String, String, String)] = [
        ("StagedPolicy", "{}", "spec.policy: Required value: give the whole manifest"),
        ("StagedPolicy", #"{"policy":{}}"#, "spec.policy.kind: Required value: one of: NetworkPolicy"),
        (
            "StagedPolicy", #"{"policy":{"kind":"NetworkPolicy"}}"#,
            "spec.policy.apiVersion: Required value: networking.k8s.io/v1"
        ),
        (
            "StagedPolicy", #"{"policy":{"apiVersion":"v2","kind":"NetworkPolicy"}}"#,
            #"spec.policy.apiVersion: Unsupported value: "v2": supported values: "networking.k8s.io/v1""#
        ),
        (
            "StagedPolicy", #"{"policy":{\#(admin)}}"#,
            #"spec.policy.kind: Unsupported value: "AdminNetworkPolicy": supported values: "NetworkPolicy""#
        ),
        (
            "ClusterStagedPolicy", #"{"policy":{\#(head)}}"#,
            #"spec.policy.kind: Unsupported value: "NetworkPolicy": supported values: "AdminNetworkPolicy", "#
                + #""BaselineAdminNetworkPolicy", "ClusterNetworkPolicy", "Zone", "MetadataAccess""#
        ),
        ("ClusterStagedPolicy", #"{"policy":{"apiVersion":"v1","kind":"Pod"}}"#, "spec.policy.kind: Unsupported value"),
        (
            "StagedPolicy", #"{"action":"Try","policy":{\#(head),"spec":{}}}"#,
            #"spec.action: Unsupported value: "Try": supported values: "Set", "Delete""#
        ),
        (
            "StagedPolicy", #"{"policy":{\#(head),"metadata":{"namespace":"other"},"spec":{}}}"#,
            #"spec.policy.metadata.namespace: Invalid value: "other": must be the namespace of this object, 'n'"#
        ),
        (
            "ClusterStagedPolicy",
            #"{"policy":{"apiVersion":"gabion.io/v1","kind":"Zone","metadata":{"namespace":"n"},"spec":{"order":1}}}"#,
            "spec.policy.metadata.namespace: Forbidden"
        ),
        (
            "StagedPolicy", #"{"policy":{\#(head),"metadata":{"name":"A_B"},"spec":{}}}"#,
            #"spec.policy.metadata.name: Invalid value: "A_B""#
        ),
        (
            "StagedPolicy", #"{"policy":{\#(head),"spec":{"ingress":[{"ports":[{"port":80,"endPort":79}]}]}}}"#,
            "spec.policy.spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`"
        ),
        (
            "ClusterStagedPolicy", #"{"policy":{\#(admin),"spec":{"priority":1001,"subject":{"namespaces":{}}}}}"#,
            "spec.policy.spec.priority: Invalid value: 1001: must be between 0 and 1000"
        ),
        (
            "ClusterStagedPolicy",
            #"{"policy":{"apiVersion":"gabion.io/v1","kind":"Zone","spec":{"order":1,"external":"Maybe"}}}"#,
            #"spec.policy.spec.external: Unsupported value: "Maybe""#
        ),
        (
            "ClusterStagedPolicy",
            #"{"policy":{"apiVersion":"policy.networking.k8s.io/v1alpha1","kind":"BaselineAdminNetworkPolicy","spec":{"subject":{"namespaces":{}}}}}"#,
            "spec.policy.metadata.name: Invalid value: \"o\": Only one baseline policy with metadata.name=default"
        ),
        (
            "ClusterStagedPolicy",
            #"{"policy":{"apiVersion":"policy.networking.k8s.io/v1alpha2","kind":"ClusterNetworkPolicy","spec":{"tier":"Top","priority":1,"subject":{"namespaces":{}}}}}"#,
            #"spec.policy.spec.tier: Unsupported value: "Top""#
        ),
        (
            "ClusterStagedPolicy", #"{"policy":{"apiVersion":"gabion.io/v1","kind":"MetadataAccess","spec":{}}}"#,
            "spec.policy.spec.subject: Required value"
        ),
    ]

    private func text(_ spec: String) -> String { #"{"metadata":{"name":"o"},"spec":\#(spec)}"# }

    @Test("what cannot be staged is refused, with the path inside the wrapped policy", arguments: wrong)
    func refuses(_ kind: String, _ spec: String, _ expected: String) throws {
        let status = try refusal(kind, text(spec))
        #expect(status.code == 422 && status.message.contains(expected), "\(status.message)")
    }

    @Test("a value of the wrong type, or an unknown field, is found inside the wrapped policy")
    func shapes() throws {
        let status = try refusal("StagedPolicy", text(#"{"policy":{\#(Self.head),"spec":{"podSelector":[]}}}"#))
        #expect(status.code == 400)
        #expect(status.message.contains("into field spec.policy.spec.podSelector of type LabelSelector"))
        let misspelt = text(#"{"policy":{\#(Self.head),"spec":{"podSelecter":{}}}}"#)
        let strict = try refusal("StagedPolicy", misspelt, validation: .strict)
        #expect(strict.message.contains(#"unknown field "spec.policy.spec.podSelecter""#))
    }

    @Test("the wrapped policy gets the defaults of its kind and the name of the object")
    func defaults() throws {
        let object = try create(
            "StagedPolicy", text(#"{"policy":{\#(Self.head),"spec":{"ingress":[{"ports":[{"port":80}]}]}}}"#))
        #expect(object["spec"]?["action"] == "Set")
        let policy = object["spec"]?["policy"]
        #expect(policy?["metadata"] == ["name": "o"])
        #expect(policy?["spec"]?["policyTypes"] == ["Ingress"])
        #expect(policy?["spec"]?["ingress"] == [["ports": [["port": 80, "protocol": "TCP"]]]])
    }

    @Test("of a policy that is thought away only kind and name count")
    func deletes() throws {
        let object = try create(
            "ClusterStagedPolicy", text(#"{"action":"Delete","policy":{\#(Self.admin),"spec":{"priority":5000}}}"#))
        #expect(object["spec"]?["policy"]?["metadata"]?["name"] == "o")
        #expect(try refusal("ClusterStagedPolicy", text(#"{"action":"Delete","policy":{\#(Self.head)}}"#)).code == 422)
    }

    @Test(
        "kubectl get shows kind, policy, action and whether it is tried as written",
        arguments: ["StagedPolicy", "ClusterStagedPolicy"])
    func columns(_ kind: String) throws {
        let wrapped = kind == "StagedPolicy" ? Self.head : Self.admin
        var object = try create(kind, text(#"{"action":"Delete","policy":{\#(wrapped),"metadata":{"name":"web"}}}"#))
        let renderer = TableRenderer(resource: try builtIn(kind), now: noon)
        // Before and after the controller's first look.
        for ready in ["", "False"] {
            if !ready.isEmpty { object["status"] = ["conditions": [["type": "Ready", "status": .string(ready)]]] }
            let cells = try #require(renderer.table(of: [object])["rows"]?.array?.first?["cells"]?.array)
            let policy = kind == "StagedPolicy" ? "NetworkPolicy" : "AdminNetworkPolicy"
            #expect(cells == ["o", .string(policy), "web", "Delete", .string(ready), "0s"])
        }
    }
}
