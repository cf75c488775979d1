import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import TestSupport
import Testing

@Suite("Watches of the embedded API", .timeLimit(.minutes(2)))
struct WatchTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"
    private static let merge = "application/merge-patch+json"

    private func revision(_ client: TestClient) async throws -> String {
        try await client.get(Self.maps).json["metadata"]?["resourceVersion"]?.string ?? ""
    }

    @Test("a watch tells what happened after its revision, in order, and nothing of other namespaces")
    func tellsChanges() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            _ = try await client.create(Self.maps, TestObjects.configMap("before"))
            let start = try await revision(client)
            try await client.watch("\(Self.maps)?watch=1&resourceVersion=\(start)") { lines in
                _ = try await client.create(Self.maps, TestObjects.configMap("a"))
                _ = try await client.create("/api/v1/namespaces/kube-system/configmaps", TestObjects.configMap("x"))
                _ = try await client.send(.PATCH, Self.maps + "/a", ["data": ["k": "v"]], type: Self.merge)
                _ = try await client.send(.DELETE, Self.maps + "/a")
                try await lines.expect("ADDED a")
                let modified = try await lines.next()
                #expect(modified?["type"]?.string == "MODIFIED")
                #expect(modified?["object"]?["data"]?["k"]?.string == "v")
                let deleted = try await lines.next()
                #expect(deleted?["type"]?.string == "DELETED")
                let last = deleted?["object"]?["metadata"]?["resourceVersion"]?.string
                let present = try await self.revision(client)
                #expect(last == present)
            }
        }
    }

    @Test("without a revision a watch begins with what is there")
    func beginsWithPresent() async throws {
        try await ServerFixture.with { fixture in
            for name in ["b", "a"] { _ = try await fixture.admin.create(Self.maps, TestObjects.configMap(name)) }
            try await fixture.admin.watch(Self.maps + "?watch=true&resourceVersion=0") { lines in
                try await lines.expect("ADDED a")
                try await lines.expect("ADDED b")
            }
        }
    }

    @Test("an object that begins or ceases to match the selector is added or deleted")
    func followsSelectors() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            _ = try await client.create(Self.maps, TestObjects.configMap("a"))
            let start = try await revision(client)
            let query = "?watch=1&labelSelector=color%3Dgreen&resourceVersion=\(start)"
            try await client.watch(Self.maps + query) { lines in
                for (step, color) in ["green", "green", "gray", "green"].enumerated() {
                    let labels: JSONValue = ["color": .string(color), "step": .string(String(step))]
                    let patched = try await client.send(
                        .PATCH, Self.maps + "/a", ["metadata": ["labels": labels]], type: Self.merge)
                    #expect(patched.status == 200, "\(patched.text)")
                }
                _ = try await client.send(.DELETE, Self.maps + "/a")
                for type in ["ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED"] {
                    let event = try await lines.next()
                    #expect(event?["type"]?.string == type)
                    if type == "DELETED" { #expect(event?["object"]?["metadata"]?["labels"]?["color"] == "green") }
                }
            }
        }
    }

    @Test("pods are watched by the node they are bound to")
    func followsFields() async throws {
        try await ServerFixture.with { fixture in
            let pods = "/api/v1/namespaces/default/pods"
            try await fixture.admin.watch("/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Dn1") { lines in
                _ = try await fixture.admin.create(pods, TestObjects.pod("p1", node: "n2"))
                _ = try await fixture.admin.create(pods, TestObjects.pod("p2", node: "n1"))
                _ = try await fixture.admin.create(pods, TestObjects.pod("p3"))
                let binding: JSONValue = ["metadata": ["name": "p3"], "target": ["kind": "Node", "name": "n1"]]
                #expect(try await fixture.admin.create(pods + "/p3/binding", binding).status == 201)
                try await lines.expect("ADDED p2")
                try await lines.expect("ADDED p3")
            }
        }
    }

    @Test("a watch from before the kept history is told 410 and ends")
    func expires() async throws {
        try await ServerFixture.with(history: 2) { fixture in
            let start = try await revision(fixture.admin)
            for name in ["a", "b", "c", "d"] {
                _ = try await fixture.admin.create(Self.maps, TestObjects.configMap(name))
            }
            try await fixture.admin.watch("\(Self.maps)?watch=1&resourceVersion=\(start)") { lines in
                let event = try await lines.next()
                #expect(event?["type"]?.string == "ERROR")
                #expect(event?["object"]?["code"]?.int == 410)
                #expect(event?["object"]?["reason"]?.string == "Expired")
                try await lines.expectEnd()
            }
            #expect(fixture.server.counters.lostWatchCount == 1)
        }
    }

    @Test("a client that does not read holds nobody up, and is told 410 when the history has moved on")
    func survivesSlowClients() async throws {
        try await ServerFixture.with(history: 10) { fixture in
            let client = fixture.admin
            _ = try await client.create(Self.maps, TestObjects.configMap("big"))
            let text = String(repeating: "x", count: 200_000)
            try await client.watch(Self.maps + "?watch=1") { lines in
                for number in 0..<200 {
                    let patch: JSONValue = ["data": ["text": .string(text), "n": .string(String(number))]]
                    let answer = try await client.send(.PATCH, Self.maps + "/big", patch, type: Self.merge)
                    #expect(answer.status == 200)
                }
                var last: JSONValue?
                while let event = try await lines.next() { last = event }
                #expect(last?["type"]?.string == "ERROR")
                #expect(last?["object"]?["code"]?.int == 410)
            }
            #expect(fixture.server.counters.lostWatchCount == 1)
        }
    }

    @Test("timeoutSeconds ends a watch, with a bookmark for those who allow them")
    func endsInTime() async throws {
        try await ServerFixture.with { fixture in
            let start = try await revision(fixture.admin)
            _ = try await fixture.admin.create("/api/v1/namespaces", TestObjects.namespace("other"))
            let query = "?watch=1&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=\(start)"
            try await fixture.admin.watch(Self.maps + query) { lines in
                let bookmark = try await lines.next()
                #expect(bookmark?["type"]?.string == "BOOKMARK")
                let told = bookmark?["object"]?["metadata"]?["resourceVersion"]?.string.flatMap(UInt64.init) ?? 0
                #expect(told > UInt64(start) ?? 0)
                try await lines.expectEnd()
            }
        }
    }

    @Test("sendInitialEvents ends the present objects with a marked bookmark")
    func marksInitialEnd() async throws {
        try await ServerFixture.with { fixture in
            _ = try await fixture.admin.create(Self.maps, TestObjects.configMap("a"))
            let query = "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
            try await fixture.admin.watch(Self.maps + query) { lines in
                try await lines.expect("ADDED a")
                let mark = try await lines.next()
                #expect(mark?["type"]?.string == "BOOKMARK")
                #expect(mark?["object"]?["metadata"]?["annotations"]?["k8s.io/initial-events-end"]?.string == "true")
            }
        }
    }

    @Test("without initial events a watch begins with what comes")
    func sparesInitialEvents() async throws {
        try await ServerFixture.with { fixture in
            _ = try await fixture.admin.create(Self.maps, TestObjects.configMap("a"))
            let query = "?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan"
            try await fixture.admin.watch(Self.maps + query) { lines in
                _ = try await fixture.admin.create(Self.maps, TestObjects.configMap("b"))
                try await lines.expect("ADDED b")
            }
        }
    }

    @Test(
        "options that do not go together are refused as by the real server",
        arguments: [
            ("watch=1&sendInitialEvents=false", "sendInitialEvents requires setting resourceVersionMatch"),
            ("watch=1&sendInitialEvents=true", "sendInitialEvents requires setting resourceVersionMatch"),
            ("watch=1&resourceVersionMatch=NotOlderThan", "unless sendInitialEvents is provided"),
            ("watch=1&sendInitialEvents=true&resourceVersionMatch=Exact", "Unsupported value"),
            ("sendInitialEvents=false", "sendInitialEvents is forbidden for list"),
            ("resourceVersionMatch=Exact", "unless resourceVersion is provided"),
            ("resourceVersion=0&resourceVersionMatch=Exact", "is forbidden for resourceVersion"),
            ("resourceVersion=1&resourceVersionMatch=Other", "Unsupported value"),
        ])
    func refusesOptions(query: String, message: String) async throws {
        try await ServerFixture.with { fixture in
            let answer = try await fixture.admin.get(Self.maps + "?" + query)
            #expect(answer.status == 422 && answer.message.contains(message), "\(answer.text)")
        }
    }

    @Test("watched tables tell their columns once")
    func watchesTables() async throws {
        try await ServerFixture.with { fixture in
            for name in ["a", "b"] { _ = try await fixture.admin.create(Self.maps, TestObjects.configMap(name)) }
            let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
            try await fixture.admin.watch(Self.maps + "?watch=1", accept: accept) { lines in
                let first = try await lines.next()
                #expect(first?["object"]?["kind"]?.string == "Table")
                #expect(first?["object"]?["columnDefinitions"]?.array?.isEmpty == false)
                let second = try await lines.next()
                #expect(second?["object"]?["columnDefinitions"]?.array?.isEmpty == true)
            }
        }
    }

    @Test("a client that leaves ends its watch, and the server's end ends the others")
    func ends() async throws {
        try await ServerFixture.with { fixture in
            try await fixture.admin.watch(Self.maps + "?watch=1") { lines in
                #expect(lines.status == 200)
                try await eventually { fixture.server.counters.openWatches == 1 }
            }
            try await eventually { fixture.server.counters.openWatches == 0 }
            try await fixture.admin.watch(Self.maps + "?watch=1") { lines in
                fixture.server.shutDown()
                try await lines.expectEnd()
            }
        }
    }

    @Test("two hundred watches all see every change")
    func servesMany() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            let start = try await revision(client)
            try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        var seen: [String] = []
                        try await client.watch("\(Self.maps)?watch=1&resourceVersion=\(start)") { lines in
                            while seen.count < 20, let event = try await lines.summary() { seen.append(event) }
                        }
                        return seen
                    }
                }
                for number in 0..<20 {
                    _ = try await client.create(Self.maps, TestObjects.configMap("m\(number)"))
                }
                let expected = (0..<20).map { "ADDED m\($0)" }
                for try await seen in group { #expect(seen == expected) }
            }
        }
    }
}
