import ClusterAPI
import NIOHTTP1
import Testing

@Suite("Objects of the embedded API", .timeLimit(.minutes(1)))
struct ServerObjectTests {
    private let maps = "/api/v1/namespaces/default/configmaps"

    @Test("a created object comes back with uid, time and revision, and a second one of its name is refused")
    func creates() async throws {
        try await ServerFixture.with { fixture in
            let made = try await fixture.admin.create(maps, TestObjects.configMap("a", data: ["k": "v"]))
            #expect(made.status == 201)
            let metadata = try #require(made.json["metadata"])
            #expect(metadata["uid"]?.string?.count == 36)
            #expect(metadata["creationTimestamp"]?.string?.hasSuffix("Z") == true)
            #expect(metadata["namespace"]?.string == "default")
            #expect(try await fixture.admin.get(maps + "/a").json == made.json)
            let again = try await fixture.admin.create(maps, TestObjects.configMap("a"))
            #expect(again.status == 409)
            #expect(again.reason == "AlreadyExists")
            #expect(again.message == "configmaps \"a\" already exists")
        }
    }

    @Test("generateName makes distinct names")
    func generatesNames() async throws {
        try await ServerFixture.with { fixture in
            var object = TestObjects.configMap("")
            object["metadata"] = ["generateName": "job-"]
            let first = try await fixture.admin.create(maps, object)
            let second = try await fixture.admin.create(maps, object)
            let names = [first, second].compactMap { $0.json["metadata"]?["name"]?.string }
            #expect(Set(names).count == 2)
            #expect(names.allSatisfy { $0.hasPrefix("job-") && $0.count == 9 })
        }
    }

    @Test("an update from a stale state is a conflict, and one without changes writes nothing")
    func updatesOptimistically() async throws {
        try await ServerFixture.with { fixture in
            let made = try await fixture.admin.create(maps, TestObjects.configMap("a"))
            var body = made.json
            body["data"] = ["k": "1"]
            let updated = try await fixture.admin.send(.PUT, maps + "/a", body)
            #expect(updated.status == 200)
            #expect(updated.json["data"]?["k"]?.string == "1")
            let stale = try await fixture.admin.send(.PUT, maps + "/a", body)
            #expect(stale.status == 409)
            #expect(stale.reason == "Conflict")
            let same = try await fixture.admin.send(.PUT, maps + "/a", updated.json)
            #expect(same.json["metadata"]?["resourceVersion"] == updated.json["metadata"]?["resourceVersion"])
            #expect(try await fixture.admin.send(.PUT, maps + "/b", TestObjects.configMap("b")).status == 404)
        }
    }

    @Test("an update without a resourceVersion is taken where the real server takes it, and 422 for all other kinds")
    func requiresRevision() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let lease: JSONValue = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": "a"],
                "spec": ["holderIdentity": "one"],
            ]
            let widget: JSONValue = [
                "apiVersion": "test.gabion.io/v1", "kind": "Widget", "metadata": ["name": "a"], "spec": ["size": 1],
            ]
            let network: JSONValue = [
                "apiVersion": "network.openshift.io/v1", "kind": "NetNamespace", "metadata": ["name": "a"],
                "netname": "a", "netid": 10,
            ]
            let leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
            _ = try await client.create(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", TestObjects.widgets)
            for (path, object, code) in [
                (maps, TestObjects.configMap("a"), 200), (leases, lease, 422),
                ("/apis/test.gabion.io/v1/namespaces/default/widgets", widget, 422),
                ("/apis/network.openshift.io/v1/netnamespaces", network, 422),
            ] {
                let made = try await client.create(path, object)
                #expect(made.status == 201, "\(made.text)")
                let blind = try await client.send(.PUT, path + "/a", object)
                #expect(blind.status == code, "\(blind.text)")
                #expect(try await client.send(.PUT, path + "/a", client.get(path + "/a").json).status == 200)
                let merge = "application/merge-patch+json"
                let patch: JSONValue = ["metadata": ["labels": ["a": "b"]]]
                #expect(try await client.send(.PATCH, path + "/a", patch, type: merge).status == 200)
            }
            #expect(
                try await client.send(.PUT, leases + "/a", lease).message
                    == "leases.coordination.k8s.io \"a\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update"
            )
        }
    }

    @Test("each patch format changes what it names and nothing else", arguments: patchFormats)
    func patches(type: String, patch: JSONValue) async throws {
        try await ServerFixture.with { fixture in
            _ = try await fixture.admin.create(maps, TestObjects.configMap("a", data: ["a": "1", "c": "3"]))
            let patched = try await fixture.admin.send(.PATCH, maps + "/a", patch, type: type)
            #expect(patched.status == 200, "\(patched.text)")
            #expect(patched.json["data"] == ["b": "2", "c": "3"])
        }
    }

    @Test("status and spec are written apart, and only spec counts generations")
    func separatesStatus() async throws {
        try await ServerFixture.with { fixture in
            let pods = "/api/v1/namespaces/default/pods"
            var pod = TestObjects.pod("p", node: "n1")
            pod["status"] = ["phase": "Running", "podIP": "10.1.1.1"]
            let made = try await fixture.admin.create(pods, pod)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json["status"]?["podIP"] == nil)
            let status: JSONValue = [
                "metadata": ["labels": ["x": "y"]], "spec": ["nodeName": "n2"],
                "status": ["phase": "Running", "podIP": "10.1.1.1", "podIPs": [["ip": "10.1.1.1"]]],
            ]
            let merged = try await fixture.admin.send(
                .PATCH, pods + "/p/status", status, type: "application/merge-patch+json")
            #expect(merged.status == 200, "\(merged.text)")
            #expect(merged.json["status"]?["podIP"]?.string == "10.1.1.1")
            #expect(merged.json["spec"]?["nodeName"]?.string == "n1")
            #expect(merged.json["metadata"]?["labels"]?["x"] == nil)
            let relabelled = try await fixture.admin.send(
                .PATCH, pods + "/p", ["metadata": ["labels": ["x": "y"]], "status": ["podIP": "9.9.9.9"]],
                type: "application/merge-patch+json")
            #expect(relabelled.json["status"]?["podIP"]?.string == "10.1.1.1")
            #expect(relabelled.json["metadata"]?["labels"]?["x"]?.string == "y")
        }
    }

    @Test("a policy's generation grows with its spec alone")
    func countsGenerations() async throws {
        try await ServerFixture.with { fixture in
            let path = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies"
            let policy: JSONValue = [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": ["name": "p"],
                "spec": ["podSelector": [:]],
            ]
            let made = try await fixture.admin.create(path, policy)
            #expect(made.json["metadata"]?["generation"]?.int == 1, "\(made.text)")
            let type = "application/merge-patch+json"
            let labelled = try await fixture.admin.send(
                .PATCH, path + "/p", ["metadata": ["labels": ["a": "b"]]], type: type)
            #expect(labelled.json["metadata"]?["generation"]?.int == 1)
            let changed = try await fixture.admin.send(
                .PATCH, path + "/p", ["spec": ["podSelector": ["matchLabels": ["a": "b"]]]], type: type)
            #expect(changed.json["metadata"]?["generation"]?.int == 2)
        }
    }

    @Test("the old extensions/v1beta1 policies are the same objects as those of networking.k8s.io/v1")
    func servesOldVersions() async throws {
        try await ServerFixture.with { fixture in
            let old = "/apis/extensions/v1beta1/namespaces/default/networkpolicies"
            let policy: JSONValue = [
                "apiVersion": "extensions/v1beta1", "kind": "NetworkPolicy", "metadata": ["name": "p"],
                "spec": ["podSelector": [:]],
            ]
            #expect(try await fixture.admin.create(old, policy).json["apiVersion"]?.string == "extensions/v1beta1")
            let new = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies"
            #expect(try await fixture.admin.get(new + "/p").json["apiVersion"]?.string == "networking.k8s.io/v1")
            let listed = try await fixture.admin.get(old)
            #expect(listed.items.first?["apiVersion"]?.string == "extensions/v1beta1")
        }
    }

    @Test("a dry run answers like the write and changes nothing")
    func triesWrites() async throws {
        try await ServerFixture.with { fixture in
            let tried = try await fixture.admin.create(maps + "?dryRun=All", TestObjects.configMap("a"))
            #expect(tried.status == 201)
            #expect(try await fixture.admin.get(maps + "/a").status == 404)
            _ = try await fixture.admin.create(maps, TestObjects.configMap("a"))
            let patched = try await fixture.admin.send(
                .PATCH, maps + "/a?dryRun=All", ["data": ["k": "v"]], type: "application/merge-patch+json")
            #expect(patched.json["data"]?["k"]?.string == "v")
            #expect(try await fixture.admin.send(.DELETE, maps + "/a?dryRun=All").status == 200)
            let kept = try await fixture.admin.get(maps + "/a")
            #expect(kept.status == 200)
            #expect(kept.json["data"]?["k"] == nil)
        }
    }

    @Test("a namespace that does not exist holds nothing new")
    func needsNamespaces() async throws {
        try await ServerFixture.with { fixture in
            let answer = try await fixture.admin.create(
                "/api/v1/namespaces/nowhere/configmaps", TestObjects.configMap("a"))
            #expect(answer.status == 404)
            #expect(answer.message == "namespaces \"nowhere\" not found")
        }
    }
}

/// The same change in the three formats.
private let patchFormats: [(String, JSONValue)] = [
    ("application/merge-patch+json", ["data": ["b": "2", "a": .null]]),
    ("application/strategic-merge-patch+json", ["data": ["b": "2", "a": .null]]),
    (
        "application/json-patch+json",
        [["op": "remove", "path": "/data/a"], ["op": "add", "path": "/data/b", "value": "2"]]
    ),
]
