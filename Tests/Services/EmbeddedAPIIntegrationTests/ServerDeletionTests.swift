import ClusterAPI
import NIOHTTP1
import TestSupport
import Testing

@Suite("Deletion in the embedded API", .timeLimit(.minutes(1)))
struct ServerDeletionTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"
    private static let merge = "application/merge-patch+json"

    private static func owned(_ name: String, by owner: JSONValue, blocks: Bool = false) -> JSONValue {
        var object = TestObjects.configMap(name)
        object["metadata"]?["ownerReferences"] = [
            [
                "apiVersion": "v1", "kind": "ConfigMap", "name": owner["metadata"]?["name"] ?? "",
                "uid": owner["metadata"]?["uid"] ?? "", "blockOwnerDeletion": .bool(blocks),
            ]
        ]
        return object
    }

    @Test("a deletion answers with Success and the object is gone")
    func deletes() async throws {
        try await ServerFixture.with { fixture in
            let made = try await fixture.admin.create(Self.maps, TestObjects.configMap("a"))
            let answer = try await fixture.admin.send(.DELETE, Self.maps + "/a")
            #expect(answer.json["status"]?.string == "Success")
            #expect(answer.json["details"]?["uid"] == made.json["metadata"]?["uid"])
            #expect(try await fixture.admin.get(Self.maps + "/a").status == 404)
            #expect(try await fixture.admin.send(.DELETE, Self.maps + "/a").status == 404)
        }
    }

    @Test("a deletion of another object than the one meant is a conflict")
    func checksPreconditions() async throws {
        try await ServerFixture.with { fixture in
            let made = try await fixture.admin.create(Self.maps, TestObjects.configMap("a"))
            for wrong in [["uid": "x"], ["resourceVersion": "1"]] as [JSONValue] {
                let answer = try await fixture.admin.send(.DELETE, Self.maps + "/a", ["preconditions": wrong])
                #expect(answer.status == 409)
            }
            let right: JSONValue = ["preconditions": ["uid": made.json["metadata"]?["uid"] ?? ""]]
            #expect(try await fixture.admin.send(.DELETE, Self.maps + "/a", right).status == 200)
        }
    }

    @Test("an object with finalizers stays, marked, until the last one is taken off")
    func waitsForFinalizers() async throws {
        try await ServerFixture.with { fixture in
            var object = TestObjects.configMap("a")
            object["metadata"]?["finalizers"] = ["example.com/one", "example.com/two"]
            _ = try await fixture.admin.create(Self.maps, object)
            let deleted = try await fixture.admin.send(.DELETE, Self.maps + "/a")
            #expect(deleted.json["metadata"]?["deletionTimestamp"]?.string != nil)
            let one = try await fixture.admin.send(
                .PATCH, Self.maps + "/a", ["metadata": ["finalizers": ["example.com/two"]]], type: Self.merge)
            #expect(one.status == 200)
            #expect(try await fixture.admin.get(Self.maps + "/a").status == 200)
            let none = try await fixture.admin.send(
                .PATCH, Self.maps + "/a", ["metadata": ["finalizers": .null]], type: Self.merge)
            #expect(none.status == 200)
            #expect(try await fixture.admin.get(Self.maps + "/a").status == 404)
        }
    }

    @Test("dependents of a deleted owner go too, theirs after them; those with another owner stay")
    func cascades() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let owner = try await client.create(Self.maps, TestObjects.configMap("owner")).json
            let other = try await client.create(Self.maps, TestObjects.configMap("other")).json
            let child = try await client.create(Self.maps, Self.owned("child", by: owner)).json
            _ = try await client.create(Self.maps, Self.owned("grandchild", by: child))
            var shared = Self.owned("shared", by: owner)
            let references = (shared["metadata"]?["ownerReferences"]?.array ?? [])
            let otherReference = Self.owned("x", by: other)["metadata"]?["ownerReferences"]?.array ?? []
            shared["metadata"]?["ownerReferences"] = .array(references + otherReference)
            _ = try await client.create(Self.maps, shared)
            _ = try await client.send(.DELETE, Self.maps + "/owner")
            try await eventually { try await client.get(Self.maps).names == ["other", "shared"] }
            try await eventually {
                let left = try await client.get(Self.maps + "/shared").json["metadata"]?["ownerReferences"]?.array
                return left?.compactMap { $0["name"]?.string } == ["other"]
            }
        }
    }

    @Test("orphaned dependents stay, without their owner")
    func orphans() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let owner = try await client.create(Self.maps, TestObjects.configMap("owner")).json
            _ = try await client.create(Self.maps, Self.owned("child", by: owner))
            _ = try await client.send(.DELETE, Self.maps + "/owner", ["propagationPolicy": "Orphan"])
            try await eventually { try await client.get(Self.maps).names == ["child"] }
            let child = try await client.get(Self.maps + "/child").json
            #expect(child["metadata"]?["ownerReferences"] == nil)
        }
    }

    @Test("in the foreground the owner goes after the dependents that block it")
    func deletesForeground() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let owner = try await client.create(Self.maps, TestObjects.configMap("owner")).json
            var child = Self.owned("child", by: owner, blocks: true)
            child["metadata"]?["finalizers"] = ["example.com/hold"]
            _ = try await client.create(Self.maps, child)
            _ = try await client.send(.DELETE, Self.maps + "/owner", ["propagationPolicy": "Foreground"])
            try await eventually {
                try await client.get(Self.maps + "/child").json["metadata"]?["deletionTimestamp"] != nil
            }
            #expect(try await client.get(Self.maps + "/owner").status == 200)
            // The collector's own finalizer may stand beside ours; both go with null.
            _ = try await client.send(
                .PATCH, Self.maps + "/child", ["metadata": ["finalizers": .null]], type: Self.merge)
            try await eventually { try await client.get(Self.maps).names.isEmpty }
        }
    }

    @Test("an object whose owner is gone already is collected")
    func collectsLateDependents() async throws {
        try await ServerFixture.with { fixture in
            let owner = try await fixture.admin.create(Self.maps, TestObjects.configMap("owner")).json
            _ = try await fixture.admin.send(.DELETE, Self.maps + "/owner")
            _ = try await fixture.admin.create(Self.maps, Self.owned("late", by: owner))
            try await eventually { try await fixture.admin.get(Self.maps + "/late").status == 404 }
        }
    }

    @Test("a collection is deleted by its selector")
    func deletesCollections() async throws {
        try await ServerFixture.with { fixture in
            for (name, color) in [("a", "green"), ("b", "gray"), ("c", "green")] {
                _ = try await fixture.admin.create(Self.maps, TestObjects.configMap(name, labels: ["color": color]))
            }
            let answer = try await fixture.admin.send(.DELETE, Self.maps + "?labelSelector=color%3Dgreen")
            #expect(answer.names == ["a", "c"])
            #expect(try await fixture.admin.get(Self.maps).names == ["b"])
        }
    }

    @Test("a namespace takes its content with it, admits nothing meanwhile, and waits for finalizers")
    func deletesNamespaces() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            _ = try await client.create("/api/v1/namespaces", TestObjects.namespace("team"))
            let maps = "/api/v1/namespaces/team/configmaps"
            _ = try await client.create(maps, TestObjects.configMap("free"))
            var held = TestObjects.configMap("held")
            held["metadata"]?["finalizers"] = ["example.com/hold"]
            _ = try await client.create(maps, held)
            let answer = try await client.send(.DELETE, "/api/v1/namespaces/team")
            #expect(answer.json["status"]?["phase"]?.string == "Terminating")
            try await eventually { try await client.get(maps).names == ["held"] }
            let refused = try await client.create(maps, TestObjects.configMap("new"))
            #expect(refused.status == 403)
            #expect(refused.json["details"]?["causes"]?.array?.first?["reason"]?.string == "NamespaceTerminating")
            _ = try await client.send(.PATCH, maps + "/held", ["metadata": ["finalizers": .null]], type: Self.merge)
            try await eventually { try await client.get("/api/v1/namespaces/team").status == 404 }
            #expect(try await client.send(.DELETE, "/api/v1/namespaces/default").status == 403)
        }
    }
}
