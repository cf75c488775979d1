import APIMachinery
import ClusterAPI
import Foundation
import Testing

/// One set of rules, whoever asks: the server on a write, `gabion policy check`, and the engine.
@Suite struct ObjectFindingTests {
    private static func spec(_ text: String) throws -> NetworkPolicySpec {
        try JSONDecoder().decode(NetworkPolicySpec.self, from: Data(text.utf8))
    }

    @Test(
        "what the server refuses in a policy, a check finds and the engine reports, in the same words",
        arguments: NetworkPolicyValidationTests.wrong)
    func agrees(text: String, expected: String) throws {
        let body = try json(NetworkPolicyValidationTests.policy(text))
        let found = try write("NetworkPolicy").findings(in: body).map { "\($0.path): \($0.message)" }
        #expect(found == [expected])
        let reported = NetworkPolicyValidation.errors(in: try Self.spec(text)).map { "\($0.field): \($0.body)" }
        #expect(reported == [expected])
    }

    @Test(
        "a policy as a value is the document that it was read from",
        arguments: NetworkPolicyValidationTests.defaults.map(\.1))
    func converts(text: String) throws {
        #expect(try Self.spec(text).document == (try json(text)))
    }

    /// A kind, an object of it, and what a check says.
    static let faults: [(String, String, [String])] = [
        ("ConfigMap", #"{"metadata":{"name":"A_b"}}"#, ["metadata.name"]),
        (
            "ConfigMap", #"{"metadata":{"name":"a","labels":{"-":"x","y":"a b"}}}"#,
            ["metadata.labels", "metadata.labels"]
        ),
        ("ConfigMap", #"{"metadata":{"name":"a","annotations":{"a b":"x"}}}"#, ["metadata.annotations"]),
        ("ConfigMap", #"{"metadata":{"name":"a","finalizers":["a b"]}}"#, ["metadata.finalizers[0]"]),
        (
            "ConfigMap", #"{"metadata":{"name":"a","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"x"}]}}"#,
            ["metadata.ownerReferences.uid"]
        ),
        ("ConfigMap", #"{"metadata":{}}"#, ["metadata.name"]),
        ("ConfigMap", #"{"metadata":{"generateName":"a-"}}"#, []),
        ("ConfigMap", #"{"metadata":{"name":"a","resourceVersion":"7"},"data":{"a":"b"}}"#, []),
        ("ConfigMap", #"{"metadata":{"name":"a"},"data":{"a b":"x"}}"#, ["data.a b"]),
        ("ConfigMap", #"{"metadata":{"name":5},"data":{"n":1}}"#, ["data.n", "metadata.name"]),
        ("Namespace", #"{"metadata":{"name":"a.b"}}"#, ["metadata.name"]),
        ("Namespace", #"{"metadata":{"name":"a","namespace":"b"}}"#, ["metadata.namespace"]),
        (
            "Service", #"{"metadata":{"name":"1a"},"spec":{"ports":[{"port":0}]}}"#,
            ["metadata.name", "spec.ports[0].port", "spec.ports[0].targetPort"]
        ),
        ("Pod", #"{"metadata":{"name":"a"},"spec":{"container":[]}}"#, ["spec.container", "spec.containers"]),
        ("Pod", #"{"metadata":{"name":"a"},"spec":5}"#, ["spec"]),
        (
            "HostSubnet", #"{"metadata":{"name":"a"},"host":"b","hostIP":"x","subnet":"y"}"#,
            ["host", "hostIP", "subnet"]
        ),
    ]

    @Test("a check finds every fault of every kind at its field, and each once", arguments: faults)
    func finds(kind: String, text: String, fields: [String]) throws {
        let findings = try write(kind).findings(in: try json(text))
        #expect(findings.map(\.path.description).sorted() == fields.sorted(), "\(findings)")
        #expect(Set(findings).count == findings.count)
    }

    @Test(
        "a field's path is read as it is written",
        arguments: ["spec", "spec.ingress[0].ports[12].port", "a.b.c", "metadata.ownerReferences[3]"])
    func readsPaths(text: String) {
        #expect(FieldPath(parsing: text).description == text)
        #expect(FieldPath(parsing: "data[a.b].c").steps == [.field("data"), .field("a.b"), .field("c")])
    }
}
