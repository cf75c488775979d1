import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import TestSupport
import Testing

/// Server-side apply over HTTP.
@Suite("Server-side apply", .timeLimit(.minutes(1)))
struct ServerApplyTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"
    private static let type = "application/apply-patch+yaml"
    private static let merge = "application/merge-patch+json"

    private static func map(_ data: JSONValue) -> JSONValue {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": data]
    }

    private func apply(
        _ client: TestClient, _ data: JSONValue, by manager: String, _ more: String = ""
    ) async throws -> TestClient.Answer {
        try await client.send(
            .PATCH, Self.maps + "/a?fieldManager=\(manager)\(more)", Self.map(data), type: Self.type)
    }

    @Test("apply creates, merges, shares and takes back")
    func applies() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let made = try await apply(client, ["k": "1", "l": "1"], by: "one")
            #expect(made.status == 201, "\(made.text)")
            let entry = made.json["metadata"]?["managedFields"]?.array?.first
            #expect(entry?["manager"] == "one" && entry?["operation"] == "Apply")
            #expect(entry?["fieldsV1"] == ["f:data": ["f:k": [:], "f:l": [:]]])
            let again = try await apply(client, ["k": "1", "l": "1"], by: "one")
            #expect(again.status == 200)
            #expect(again.json == made.json)
            let second = try await apply(client, ["k": "1", "m": "2"], by: "two")
            #expect(second.json["data"] == ["k": "1", "l": "1", "m": "2"])
            let left = try await apply(client, ["l": "1"], by: "one")
            #expect(left.json["data"] == ["k": "1", "l": "1", "m": "2"])
            let gone = try await apply(client, ["m": "2"], by: "two")
            #expect(gone.json["data"] == ["l": "1", "m": "2"])
            #expect(try await client.get(Self.maps + "/a").json == gone.json)
        }
    }

    @Test("another owner's field is a conflict that names it, until it is forced")
    func conflicts() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            _ = try await apply(client, ["k": "1"], by: "one")
            let patched = try await client.send(
                .PATCH, Self.maps + "/a?fieldManager=hand", ["data": ["l": "1"]], type: Self.merge)
            #expect(patched.json["metadata"]?["managedFields"]?.array?.count == 2)
            let one = try await apply(client, ["k": "2"], by: "two")
            #expect(one.status == 409 && one.reason == "Conflict")
            #expect(one.message == #"Apply failed with 1 conflict: conflict with "one": .data.k"#)
            let other = try await apply(client, ["l": "2"], by: "two")
            #expect(other.message == #"Apply failed with 1 conflict: conflict with "hand" using v1: .data.l"#)
            let cause = other.json["details"]?["causes"]?.array?.first
            #expect(cause?["reason"] == "FieldManagerConflict" && cause?["field"] == ".data.l")
            let dry = try await apply(client, ["k": "2"], by: "two", "&force=true&dryRun=All")
            #expect(dry.status == 200 && dry.json["data"]?["k"] == "2")
            #expect(try await client.get(Self.maps + "/a").json["data"]?["k"] == "1")
            let forced = try await apply(client, ["k": "2"], by: "two", "&force=true")
            #expect(forced.status == 200 && forced.json["data"] == ["k": "2", "l": "1"])
        }
    }

    @Test("a writer who says who it is owns what it creates, one who does not is not told")
    func tracksWriters() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let told = try await client.create(Self.maps + "?fieldManager=hand", Self.map(["k": "1"]))
            #expect(told.json["metadata"]?["managedFields"]?.array?.first?["manager"] == "hand")
            let replaced = try await client.send(.PUT, Self.maps + "/a", Self.map(["k": "2"]))
            let entries = replaced.json["metadata"]?["managedFields"]?.array ?? []
            let owners = entries.filter { $0["fieldsV1"]?["f:data"]?["f:k"] != nil }
            #expect(owners.count == 1 && owners.first?["manager"] != "hand", "\(replaced.text)")
            let silent = try await client.create(Self.maps, TestObjects.configMap("b", data: ["k": "1"]))
            #expect(silent.json["metadata"]?["managedFields"] == nil)
            let first = try await client.send(
                .PATCH, Self.maps + "/b?fieldManager=one", TestObjects.configMap("b", data: ["k": "2"]), type: Self.type
            )
            #expect(first.message.contains(#"conflict with "before-first-apply" using v1: .data.k"#), "\(first.text)")
        }
    }

    @Test("status and object are applied apart, and custom resources merge by their schema")
    func appliesCustomResources() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            _ = try await client.create(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", TestObjects.gates)
            let path = "/apis/test.gabion.io/v1/namespaces/default/gates/g"
            let gate = { (part: String, content: JSONValue) -> JSONValue in
                .object([
                    "apiVersion": "test.gabion.io/v1", "kind": "Gate", "metadata": ["name": "g"], part: content,
                ])
            }
            let locks: JSONValue = ["width": 2, "locks": [["name": "a", "keys": 1]]]
            let made = try await client.send(.PATCH, path + "?fieldManager=one", gate("spec", locks), type: Self.type)
            #expect(made.status == 201 && made.json["spec"]?["open"] == true, "\(made.text)")
            let more: JSONValue = ["width": 2, "locks": [["name": "b"]]]
            let second = try await client.send(.PATCH, path + "?fieldManager=two", gate("spec", more), type: Self.type)
            #expect(second.json["spec"]?["locks"] == [["name": "a", "keys": 1], ["name": "b"]], "\(second.text)")
            let status = try await client.send(
                .PATCH, path + "/status?fieldManager=two", gate("status", ["seen": 1]), type: Self.type)
            #expect(status.json["status"]?["seen"] == 1, "\(status.text)")
            let entry = status.json["metadata"]?["managedFields"]?.array?.first { $0["subresource"] == "status" }
            #expect(entry?["fieldsV1"] == ["f:status": ["f:seen": [:]]])
            let wrong = try await client.send(
                .PATCH, path + "?fieldManager=one", gate("spec", ["width": 0]), type: Self.type, headers: [])
            #expect(wrong.status == 409 || wrong.status == 422, "\(wrong.text)")
            let unknown = try await client.send(
                .PATCH, path + "?fieldManager=one", gate("spec", ["width": 2, "x": 1]), type: Self.type)
            #expect(unknown.status == 400 && unknown.message.contains(".spec.x: field not declared in schema"))
        }
    }

    @Test("what is wrong with an apply is refused in the words of the real server")
    func refuses() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let anonymous = try await client.send(.PATCH, Self.maps + "/a", Self.map([:]), type: Self.type)
            #expect(anonymous.status == 422)
            #expect(anonymous.message.contains("fieldManager: Required value: is required for apply patch"))
            _ = try await apply(client, ["k": "1"], by: "one")
            let forced = try await client.send(
                .PATCH, Self.maps + "/a?force=true", ["data": ["k": "2"]], type: Self.merge)
            #expect(forced.status == 422 && forced.message.contains("may not be specified for non-apply patch"))
            var owned = Self.map(["k": "1"])
            owned["metadata"] = ["name": "a", "managedFields": []]
            let given = try await client.send(.PATCH, Self.maps + "/a?fieldManager=one", owned, type: Self.type)
            #expect(given.status == 400 && given.message == "metadata.managedFields must be nil")
            var old = Self.map(["k": "1"])
            old["apiVersion"] = "v2"
            let version = try await client.send(.PATCH, Self.maps + "/a?fieldManager=one", old, type: Self.type)
            #expect(version.message.contains("Specified patch version: v2, expected: v1"))
            var stale = Self.map(["k": "1"])
            stale["metadata"] = ["name": "a", "resourceVersion": "1"]
            let late = try await client.send(.PATCH, Self.maps + "/a?fieldManager=one", stale, type: Self.type)
            #expect(late.status == 409 && late.message.contains("the object has been modified"), "\(late.text)")
        }
    }

    @Test("who may change but not create cannot create by applying")
    func needsCreate() async throws {
        try await ServerFixture.with { fixture in
            let controller = Identity(user: "c", groups: ["gabion:controllers"])
            try await fixture.withClient(controller) { client in
                let zone: JSONValue = ["apiVersion": "gabion.io/v1", "kind": "Zone", "metadata": ["name": "z"]]
                let refused = try await client.send(
                    .PATCH, "/apis/gabion.io/v1/zones/z?fieldManager=c", zone, type: Self.type)
                #expect(refused.status == 403, "\(refused.text)")
            }
        }
    }
}
