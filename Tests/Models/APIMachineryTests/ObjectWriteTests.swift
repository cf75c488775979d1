import APIMachinery
import ClusterAPI
import Testing

@Suite struct ObjectWriteTests {
    @Test("create fills the metadata that the server owns and nothing of the client's choice")
    func fillsMetadata() throws {
        let text = """
            {"metadata":{"name":"x","uid":"mine","generation":7,"creationTimestamp":null,"selfLink":"/x",
             "deletionTimestamp":"2020-01-01T00:00:00Z","managedFields":[{}],"labels":{},"annotations":{"a":"b"}},
             "spec":{"podSelector":{}}}
            """
        let metadata = try #require(try create("NetworkPolicy", text)["metadata"])
        #expect(
            metadata == [
                "name": "x", "namespace": "n", "uid": .string(someUID), "generation": 1,
                "creationTimestamp": "2026-01-02T12:00:00Z", "annotations": ["a": "b"],
            ])
    }

    @Test("generateName gets five characters and stays within 63")
    func generatesNames() throws {
        let short = try create("ConfigMap", #"{"metadata":{"generateName":"a-"}}"#)
        #expect(short["metadata"]?["name"] == "a-x7k2p")
        #expect(short["metadata"]?["generateName"] == "a-")
        let long = try create("ConfigMap", #"{"metadata":{"generateName":"\#(String(repeating: "a", count: 80))"}}"#)
        #expect(long["metadata"]?["name"]?.string?.count == 63)
    }

    /// Kind, body, code and message.
    static let refused: [(String, String, Int, String)] = [
        (
            "Pod", #"{"apiVersion":"v2","kind":"Pod"}"#, 400,
            "the API version in the data (v2) does not match the expected API version (v1)"
        ),
        ("Pod", #"{"kind":"Service"}"#, 400, "cannot be handled as a Pod"),
        ("Pod", "[]", 400, "not a JSON object"),
        (
            "ConfigMap", #"{"metadata":{"name":"a","namespace":"other"}}"#, 400,
            "the namespace of the provided object does not match the namespace sent on the request"
        ),
        (
            "Namespace", #"{"metadata":{"name":"a","namespace":"n"}}"#, 400,
            "the namespace of the provided object does not match"
        ),
        (
            "ConfigMap", #"{"metadata":{"name":"a","resourceVersion":"5"}}"#, 400,
            "resourceVersion should not be set on objects to be created"
        ),
        ("ConfigMap", "{}", 422, "metadata.name: Required value: name or generateName is required"),
        (
            "ConfigMap", #"{"metadata":{"name":"A"}}"#, 422,
            #"ConfigMap "A" is invalid: metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#
        ),
        (
            "ConfigMap", #"{"metadata":{"name":"a","labels":{"a b":"c"}}}"#, 422,
            #"metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#
        ),
        (
            "ConfigMap", #"{"metadata":{"name":"a","labels":{"k":"\#(String(repeating: "v", count: 64))"}}}"#, 422,
            "must be no more than 63 characters"
        ),
        ("ConfigMap", #"{"metadata":{"name":"a","annotations":{"/x":"c"}}}"#, 422, "prefix part must be non-empty"),
        (
            "ConfigMap", #"{"metadata":{"name":"a","labels":{"k":1}}}"#, 400,
            "json: cannot unmarshal number into field metadata.labels.k of type string"
        ),
        (
            "ConfigMap", #"{"metadata":{"name":"a","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p"}]}}"#,
            422, "metadata.ownerReferences.uid: Invalid value: \"\": uid must not be empty"
        ),
        ("ConfigMap", #"{"metadata":{"name":"a","finalizers":["a b"]}}"#, 422, "metadata.finalizers[0]: Invalid value"),
        (
            "ConfigMap", #"{"metadata":{"name":"a","annotations":{"k":"\#(String(repeating: "v", count: 262_145))"}}}"#,
            422, "metadata.annotations: Too long: may not be more than 262144 bytes"
        ),
    ]

    @Test("a body that cannot be created is refused as the real server does", arguments: refused)
    func refuses(_ kind: String, _ text: String, _ code: Int, _ message: String) throws {
        let status = try refusal(kind, text)
        #expect(status.code == code)
        #expect(status.message.contains(message), "\(status.message)")
    }

    private func existing() throws -> JSONValue {
        var object = try create("Route", #"{"metadata":{"name":"r","labels":{"a":"1"}},"spec":{"host":"h"}}"#)
        object["metadata"]?["resourceVersion"] = "12"
        object["status"] = ["ingress": []]
        return object
    }

    @Test("generation counts changes of the content, not of metadata or status")
    func countsGenerations() throws {
        let writer = try write("Route")
        let stored = try existing()
        var labelled = stored
        labelled["metadata"]?["labels"] = ["a": "2"]
        labelled["status"] = ["ingress": [1]]
        let relabelled = try writer.update(labelled, replacing: stored, name: "r").object
        #expect(relabelled["metadata"]?["generation"] == 1)
        #expect(relabelled["metadata"]?["labels"] == ["a": "2"])
        #expect(relabelled["status"] == ["ingress": []])

        var moved = stored
        moved["spec"] = ["host": "g"]
        #expect(try writer.update(moved, replacing: stored, name: "r").object["metadata"]?["generation"] == 2)
    }

    @Test("the status subresource changes the status and nothing else")
    func separatesStatus() throws {
        let stored = try existing()
        var body = stored
        body["spec"] = ["host": "other"]
        body["metadata"]?["labels"] = [:]
        body["status"] = ["ingress": [["host": "h"]]]
        let result = try write("Route").update(body, replacing: stored, name: "r", part: .status)
        var expected = stored
        expected["metadata"]?["resourceVersion"] = nil
        expected["status"] = ["ingress": [["host": "h"]]]
        #expect(result.object == expected)
    }

    @Test("writing the same again is no change; the server's metadata cannot be changed")
    func keepsServerMetadata() throws {
        let stored = try existing()
        let writer = try write("Route")
        var body = stored
        body["metadata"]?["creationTimestamp"] = "2000-01-01T00:00:00Z"
        body["metadata"]?["generation"] = 99
        body["metadata"]?["deletionTimestamp"] = "2000-01-01T00:00:00Z"
        body["metadata"]?["managedFields"] = []
        #expect(!(try writer.update(body, replacing: stored, name: "r").isChange(from: stored)))
        body["metadata"]?["annotations"] = ["a": "b"]
        #expect(try writer.update(body, replacing: stored, name: "r").isChange(from: stored))
    }

    @Test("stale resourceVersion and other uid conflict; another name is a bad request")
    func checksIdentity() throws {
        let stored = try existing()
        let writer = try write("Route")
        var stale = stored
        stale["metadata"]?["resourceVersion"] = "11"
        let conflict = try #require(throws: APIStatus.self) {
            try writer.checkPreconditions(stale, existing: stored, name: "r")
        }
        #expect(conflict.code == 409)
        #expect(
            conflict.message
                == "Operation cannot be fulfilled on routes.route.openshift.io \"r\": the object has been modified; please apply your changes to the latest version and try again"
        )
        var other = stored
        other["metadata"]?["uid"] = "other"
        #expect(
            try #require(throws: APIStatus.self) { try writer.update(other, replacing: stored, name: "r") }.code == 409)
        #expect(
            try #require(throws: APIStatus.self) { try writer.update(stored, replacing: stored, name: "q") }.code == 400
        )
    }

    @Test("an object that goes away takes no new finalizers")
    func closesFinalizers() throws {
        var stored = try existing()
        stored["metadata"]?["deletionTimestamp"] = "2026-01-02T12:00:00Z"
        stored["metadata"]?["finalizers"] = ["example.com/a"]
        var body = stored
        body["metadata"]?["finalizers"] = ["example.com/a", "example.com/b"]
        let status = try #require(throws: APIStatus.self) {
            try write("Route").update(body, replacing: stored, name: "r")
        }
        #expect(status.message.contains(#"found new finalizers []string{"example.com/b"}"#))
        body["metadata"]?["finalizers"] = []
        let freed = try write("Route").update(body, replacing: stored, name: "r").object
        #expect(freed["metadata"]?["finalizers"] == nil)
        #expect(freed["metadata"]?["deletionTimestamp"] == "2026-01-02T12:00:00Z")
    }

    @Test("events of both groups are one object")
    func convertsEvents() throws {
        let events = GroupVersion(group: "events.k8s.io", version: "v1")
        let writer = try write("Event", version: events)
        let body = try json(
            #"{"metadata":{"name":"e"},"note":"m","regarding":{"kind":"Pod"},"reportingController":"c"}"#)
        let stored = try writer.create(body, uid: someUID, nameSuffix: "").object
        #expect(stored["message"] == "m")
        #expect(stored["involvedObject"] == ["kind": "Pod"])
        #expect(stored["apiVersion"] == "v1")
        #expect(writer.resource.converted(stored, to: events)["note"] == "m")
    }

    @Test("fieldValidation is one of three words")
    func readsFieldValidation() throws {
        #expect(try FieldValidation(parameter: nil) == .warn)
        #expect(try FieldValidation(parameter: "Strict") == .strict)
        #expect(try #require(throws: APIStatus.self) { try FieldValidation(parameter: "strict") }.code == 400)
    }
}
