import ClusterAPI
import EmbeddedAPI
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("Custom resources and discovery of the embedded API", .timeLimit(.minutes(1)))
struct ServerDefinitionTests {
    private static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    private static let widgets = "/apis/test.gabion.io/v1/namespaces/default/widgets"
    private static let widget: JSONValue = [
        "apiVersion": "test.gabion.io/v1", "kind": "Widget", "metadata": ["name": "w"], "spec": ["size": 1],
        "status": ["ready": true],
    ]

    @Test("a definition is served at once, its objects live, and both go together")
    func servesDefinitions() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            #expect(try await client.get(Self.widgets).status == 404)
            let made = try await client.create(Self.definitions, TestObjects.widgets)
            let conditions = made.json["status"]?["conditions"]?.array ?? []
            #expect(conditions.contains { $0["type"]?.string == "Established" && $0["status"]?.string == "True" })
            let created = try await client.create(Self.widgets, Self.widget)
            #expect(created.status == 201, "\(created.text)")
            #expect(created.json["status"] == nil)
            let ready = try await client.send(
                .PATCH, Self.widgets + "/w/status", ["status": ["ready": true]], type: "application/merge-patch+json")
            #expect(ready.json["status"]?["ready"]?.bool == true)
            #expect(ready.json["metadata"]?["generation"]?.int == 1)
            let strategic = try await client.send(
                .PATCH, Self.widgets + "/w", ["spec": ["size": 2]], type: "application/strategic-merge-patch+json")
            #expect(strategic.status == 415)
            let listed = try await client.get("/apis/test.gabion.io/v1")
            #expect(listed.json["resources"]?.array?.contains { $0["name"]?.string == "widgets" } == true)
            let definition = Self.definitions + "/widgets.test.gabion.io"
            _ = try await client.send(.DELETE, definition)
            try await eventually { try await client.get(definition).status == 404 }
            #expect(try await client.get(Self.widgets).status == 404)
            _ = try await client.create(Self.definitions, TestObjects.widgets)
            #expect(try await client.get(Self.widgets).names.isEmpty)
        }
    }

    @Test("a definition goes after its objects, which wait for their finalizers, and admits none meanwhile")
    func waitsForObjects() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let definition = Self.definitions + "/widgets.test.gabion.io"
            _ = try await client.create(Self.definitions, TestObjects.widgets)
            var held = Self.widget
            held["metadata"] = ["name": "held", "finalizers": ["example.com/hold"]]
            for widget in [Self.widget, held] { _ = try await client.create(Self.widgets, widget) }
            let answer = try await client.send(.DELETE, definition)
            #expect(answer.json["metadata"]?["deletionTimestamp"]?.string != nil, "\(answer.text)")
            try await eventually { try await client.get(Self.widgets).names == ["held"] }
            #expect(try await client.get(definition).status == 200)
            var late = Self.widget
            late["metadata"] = ["name": "late"]
            let refused = try await client.create(Self.widgets, late)
            #expect(refused.status == 405 && refused.message.contains("terminating"), "\(refused.text)")
            let merge = "application/merge-patch+json"
            let patch: JSONValue = ["metadata": ["finalizers": .null]]
            _ = try await client.send(.PATCH, Self.widgets + "/held", patch, type: merge)
            try await eventually { try await client.get(definition).status == 404 }
        }
    }

    @Test("objects that are created while their definition is deleted do not come back with the next one")
    func createsAgainstDeletion() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let definition = Self.definitions + "/widgets.test.gabion.io"
            for _ in 0..<5 {
                _ = try await client.create(Self.definitions, TestObjects.widgets)
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        var widget = Self.widget
                        widget["metadata"] = ["name": .string("w\(number)")]
                        group.addTask { [widget] in _ = try? await client.create(Self.widgets, widget) }
                    }
                    group.addTask { _ = try? await client.send(.DELETE, definition) }
                }
                try await eventually { try await client.get(definition).status == 404 }
                _ = try await client.create(Self.definitions, TestObjects.widgets)
                #expect(try await client.get(Self.widgets).names.isEmpty)
                _ = try await client.send(.DELETE, definition)
                try await eventually { try await client.get(definition).status == 404 }
            }
        }
    }

    @Test("definitions and objects survive a restart")
    func survivesRestarts() async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/gabion-api-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await ServerFixture.run(directory) { fixture in
            _ = try await fixture.admin.create(Self.definitions, TestObjects.widgets)
            _ = try await fixture.admin.create(Self.widgets, Self.widget)
        }
        try await ServerFixture.run(directory) { fixture in
            let list = try await fixture.admin.get(Self.widgets)
            #expect(list.names == ["w"])
            // Nothing of this kind changed since: a watch may go on where the one before the restart ended.
            let revision = try #require(list.items.first?["metadata"]?["resourceVersion"]?.string)
            try await fixture.admin.watch("\(Self.widgets)?watch=1&resourceVersion=\(revision)") { lines in
                _ = try await fixture.admin.send(.DELETE, Self.widgets + "/w")
                try await lines.expect("DELETED w")
            }
        }
    }

    @Test(
        "a definition that cannot be served is refused",
        arguments: badMembers)
    func refusesDefinitions(member: String, value: JSONValue) async throws {
        try await ServerFixture.with { fixture in
            var definition = TestObjects.widgets
            definition["spec"]?[member] = value
            let answer = try await fixture.admin.create(Self.definitions, definition)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(try await fixture.admin.get(Self.definitions).items.isEmpty)
        }
    }

    @Test("discovery comes in the form that the client asks for")
    func discovers() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            #expect(try await client.get("/api").json["kind"]?.string == "APIVersions")
            #expect(try await client.get("/apis").json["kind"]?.string == "APIGroupList")
            #expect(try await client.get("/apis/networking.k8s.io").json["kind"]?.string == "APIGroup")
            #expect(try await client.get("/apis/networking.k8s.io/v1").json["kind"]?.string == "APIResourceList")
            for version in ["v2", "v2beta1"] {
                let form = "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
                for path in ["/api", "/apis"] {
                    let answer = try await client.get(path, accept: form + ",application/json")
                    #expect(answer.json["kind"]?.string == "APIGroupDiscoveryList")
                    #expect(answer.headers.first(name: "Content-Type") == form)
                }
            }
            #expect(try await client.get("/version").json["major"]?.string == "1")
            #expect(try await client.get("/openapi/v3").json["paths"]?.object?["api/v1"] != nil)
            #expect(try await client.get("/openapi/v3/api/v1").json["openapi"]?.string?.hasPrefix("3.") == true)
            #expect(try await client.get("/openapi/v2").json["swagger"]?.string == "2.0")
        }
    }
}

private let badMembers: [(String, JSONValue)] = [
    ("group", "nodots"), ("scope", "Galaxy"), ("versions", []), ("names", [:]),
]
