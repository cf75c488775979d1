import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import TestSupport
import Testing

/// Custom resources whose definition says what they hold.
@Suite("Schemas of custom resources", .timeLimit(.minutes(1)))
struct ServerSchemaTests {
    private static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    private static let gates = "/apis/test.gabion.io/v1/namespaces/default/gates"
    private static let merge = "application/merge-patch+json"

    private static func gate(_ spec: JSONValue) -> JSONValue {
        ["apiVersion": "test.gabion.io/v1", "kind": "Gate", "metadata": ["name": "g"], "spec": spec]
    }

    @Test("what is created is pruned, gets its defaults, and is refused with a cause for each fault")
    func creates() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            #expect(try await client.create(Self.definitions, TestObjects.gates).status == 201)
            let bad = try await client.create(Self.gates, Self.gate(["width": 0, "colors": ["red", "blue"]]))
            #expect(bad.status == 422, "\(bad.text)")
            let causes = bad.json["details"]?["causes"]?.array ?? []
            #expect(causes.map { $0["field"]?.string } == ["spec.colors[1]", "spec.width"])
            #expect(causes.map { $0["reason"]?.string } == ["FieldValueNotSupported", "FieldValueInvalid"])
            let made = try await client.create(Self.gates, Self.gate(["width": 3, "height": 2]))
            #expect(made.status == 201)
            #expect(made.json["spec"] == ["width": 3, "open": true])
            #expect(made.headers["Warning"].joined().contains("unknown field"))
            let strict = try await client.create(
                Self.gates + "?fieldValidation=Strict", Self.gate(["width": 3, "height": 2]))
            #expect(strict.status == 400 && strict.message.contains(#"unknown field "spec.height""#))
        }
    }

    @Test("patches of every form and statuses are held against the schema")
    func patches() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            _ = try await client.create(Self.definitions, TestObjects.gates)
            _ = try await client.create(Self.gates, Self.gate(["width": 3]))
            let wide = try await client.send(.PATCH, Self.gates + "/g", ["spec": ["width": "x"]], type: Self.merge)
            #expect(wide.status == 422, "\(wide.text)")
            let operations: JSONValue = [["op": "add", "path": "/spec/colors", "value": ["pink"]]]
            let pink = try await client.send(
                .PATCH, Self.gates + "/g", operations, type: "application/json-patch+json")
            #expect(pink.status == 422, "\(pink.text)")
            let kept = try await client.send(.PATCH, Self.gates + "/g", ["spec": ["stray": 1]], type: Self.merge)
            #expect(kept.status == 200 && kept.json["spec"] == ["width": 3, "open": true])
            let status = try await client.send(
                .PATCH, Self.gates + "/g/status", ["status": ["seen": "often"]], type: Self.merge)
            #expect(status.status == 422 && status.message.contains("status.seen"), "\(status.text)")
            let dry = try await client.send(
                .PATCH, Self.gates + "/g?dryRun=All", ["spec": ["width": 20]], type: Self.merge)
            #expect(dry.status == 422, "\(dry.text)")
        }
    }

    @Test("a definition with a schema that is not structural is refused, and one that changes holds at once")
    func changesDefinitions() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            var loose = TestObjects.gates
            loose["spec"]?["versions"] = [
                [
                    "name": "v1", "served": true, "storage": true,
                    "schema": ["openAPIV3Schema": ["type": "object", "properties": ["spec": [:]]]],
                ]
            ]
            let refused = try await client.create(Self.definitions, loose)
            #expect(refused.status == 422, "\(refused.text)")
            #expect(
                refused.message.contains(
                    "spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty"))
            let made = try await client.create(Self.definitions, TestObjects.gates)
            _ = try await client.create(Self.gates, Self.gate(["width": 3]))
            var narrow = made.json
            let versions = narrow["spec"]?["versions"]?.array?.map { version in
                var version = version
                version["schema"]?["openAPIV3Schema"]?["properties"]?["spec"]?["properties"]?["width"]?["maximum"] = 2
                return version
            }
            narrow["spec"]?["versions"] = versions.map(JSONValue.array)
            let changed = try await client.send(.PUT, Self.definitions + "/gates.test.gabion.io", narrow)
            #expect(changed.status == 200, "\(changed.text)")
            // What is stored stays, but nothing is written any more that the new schema refuses.
            #expect(try await client.get(Self.gates + "/g").json["spec"]?["width"] == 3)
            let late = try await client.send(
                .PATCH, Self.gates + "/g", ["metadata": ["labels": ["a": "b"]]], type: Self.merge)
            #expect(late.status == 422 && late.message.contains("less than or equal to 2"), "\(late.text)")
        }
    }
}
