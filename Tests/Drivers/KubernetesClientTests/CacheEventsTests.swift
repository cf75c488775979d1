import ClusterAPI
import KubernetesClient
import Testing

private let path = "/api/v1/namespaces"
private typealias Step = ScriptedServer.Step

@Suite struct CacheEventsTests {
    @Test("lists first, then delivers watch events, wherever chunks are cut", arguments: [1, 7, 40, 10_000])
    func splitChunks(size: Int) async throws {
        let stream =
            eventJSON("ADDED", namespaceJSON("b", version: 11)) + eventJSON("MODIFIED", namespaceJSON("a", version: 12))
            + eventJSON("DELETED", namespaceJSON("bé", version: 13))
        var steps = [Step.status(200)]
        var rest = Array(stream)[...]
        while !rest.isEmpty {
            steps.append(.chunk(String(rest.prefix(size))))
            rest = rest.dropFirst(size)
        }
        let server = ScriptedServer([
            "GET \(path)": [ScriptedServer.json(listJSON([namespaceJSON("a", version: 5)], version: 10))],
            "WATCH \(path)": [steps],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(4, of: $0) }
        }
        #expect(events == ["=[a]", "+b", "+a", "-bé"])
        #expect(server.received("WATCH \(path)").first?.query["resourceVersion"] == "10")
    }

    @Test("reads long lists page by page and reports them as one")
    func pages() async throws {
        let server = ScriptedServer([
            "GET \(path)": [
                ScriptedServer.json(listJSON([namespaceJSON("a", version: 1)], version: 10, next: "t/1=")),
                ScriptedServer.json(listJSON([namespaceJSON("b", version: 2)], version: 10)),
            ],
            "WATCH \(path)": [[.status(200)]],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(1, of: $0) }
        }
        #expect(events == ["=[a,b]"])
        #expect(server.received("GET \(path)").map { $0.query["continue"] } == [nil, "t/1="])
    }

    @Test("a connection that breaks within a line is resumed behind the last whole event")
    func brokenConnection() async throws {
        let half = String(eventJSON("ADDED", namespaceJSON("c", version: 12)).prefix(30))
        let server = ScriptedServer([
            "GET \(path)": [ScriptedServer.json(listJSON([], version: 10))],
            "WATCH \(path)": [
                [
                    .status(200), .chunk(eventJSON("ADDED", namespaceJSON("b", version: 11)) + half),
                    .pause(milliseconds: 20), .abort,
                ],
                [.status(200), .chunk(eventJSON("ADDED", namespaceJSON("c", version: 12)))],
            ],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(5, of: $0) }
        }
        #expect(events == ["=[]", "+b", "lost", "back", "+c"])
        #expect(server.received("WATCH \(path)").map { $0.query["resourceVersion"] } == ["10", "11"])
    }

    @Test("a watch that the server ends in peace continues silently from the last bookmark")
    func bookmark() async throws {
        let server = ScriptedServer([
            "GET \(path)": [ScriptedServer.json(listJSON([], version: 10))],
            "WATCH \(path)": [
                [.status(200), .chunk(eventJSON("BOOKMARK", namespaceJSON("", version: 99))), .end],
                [.status(200), .chunk(eventJSON("ADDED", namespaceJSON("b", version: 100)))],
            ],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(2, of: $0) }
        }
        #expect(events == ["=[]", "+b"])
        #expect(server.received("WATCH \(path)").last?.query["resourceVersion"] == "99")
    }

    @Test("a version that is too old leads to a new list", arguments: [true, false])
    func gone(inStream: Bool) async throws {
        let status = #"{"kind":"Status","code":410,"reason":"Expired","message":"too old"}"#
        let server = ScriptedServer([
            "GET \(path)": [
                ScriptedServer.json(listJSON([namespaceJSON("a", version: 1)], version: 10)),
                ScriptedServer.json(listJSON([namespaceJSON("b", version: 20)], version: 21)),
            ],
            "WATCH \(path)": [
                inStream
                    ? [.status(200), .chunk(eventJSON("ERROR", status))] : ScriptedServer.failure(410, "Expired"),
                [.status(200), .chunk(eventJSON("ADDED", namespaceJSON("c", version: 22)))],
            ],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(3, of: $0) }
        }
        #expect(events == ["=[a]", "=[b]", "+c"])
        #expect(server.received("WATCH \(path)").map { $0.query["resourceVersion"] } == ["10", "21"])
    }

    @Test("an object that cannot be decoded is reported and the others are delivered")
    func unreadable() async throws {
        let bad = #"{"metadata":{"name":"bad","resourceVersion":"12","labels":3}}"#
        let odd = #"{"metadata":{"name":"odd","resourceVersion":"13","labels":{"a":{}}}}"#
        let server = ScriptedServer([
            "GET \(path)": [ScriptedServer.json(listJSON([namespaceJSON("a", version: 1)], version: 10))],
            "WATCH \(path)": [
                [
                    .status(200), .chunk(eventJSON("ADDED", bad) + eventJSON("ADDED", odd)),
                    .chunk(eventJSON("ADDED", namespaceJSON("b", version: 14))),
                ]
            ],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(4, of: $0) }
        }
        #expect(events == ["=[a]", "?bad", "?odd", "+b"])
    }

    @Test("a list's objects that cannot be decoded come with the others, in one event")
    func unreadableInList() async throws {
        let bad = #"{"metadata":{"name":"bad","resourceVersion":"12","labels":3}}"#
        let server = ScriptedServer([
            "GET \(path)": [ScriptedServer.json(listJSON([bad, namespaceJSON("a", version: 1)], version: 10))],
            "WATCH \(path)": [[.status(200), .chunk(eventJSON("ADDED", namespaceJSON("b", version: 14)))]],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(2, of: $0) }
        }
        #expect(events == ["=[a,?bad]", "+b"])
    }

    @Test("a server that is away is reported once and found again")
    func outage() async throws {
        let server = ScriptedServer([
            "GET \(path)": [
                ScriptedServer.failure(500, "InternalError"), ScriptedServer.failure(401, "Unauthorized"),
                ScriptedServer.json(listJSON([], version: 10)),
            ],
            "WATCH \(path)": [
                ScriptedServer.failure(503, "ServiceUnavailable"), ScriptedServer.failure(429, "TooManyRequests"),
                [.status(200)],
            ],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(4, of: $0) }
        }
        #expect(events == ["lost", "=[]", "lost", "back"])
    }

    @Test("a kind that the server may lack is missing while it does, never empty, and is asked for again and again")
    func missingKind() async throws {
        let server = ScriptedServer([
            "GET \(path)": [
                ScriptedServer.failure(404, "NotFound"), ScriptedServer.failure(404, "NotFound"),
                ScriptedServer.failure(500, "InternalError"), ScriptedServer.failure(404, "NotFound"),
                ScriptedServer.json(listJSON([namespaceJSON("a", version: 5)], version: 10)),
            ],
            // What is not in the script is not found: the kind goes while it is watched.
            "WATCH \(path)": [[.status(200), .chunk(eventJSON("ADDED", namespaceJSON("b", version: 11))), .end]],
        ])
        var timing = quick
        timing.missingPause = .milliseconds(10)
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(6, of: $0, timing: timing) }
        }
        #expect(events == ["none", "lost", "none", "=[a]", "+b", "none"])
    }

    @Test("a history that is always too short is not listed in a tight loop")
    func alwaysGone() async throws {
        let status = #"{"kind":"Status","code":410,"reason":"Expired","message":"too old"}"#
        let server = ScriptedServer([
            "GET \(path)": Array(repeating: ScriptedServer.json(listJSON([], version: 10)), count: 500),
            "WATCH \(path)": Array(repeating: [.status(200), .chunk(eventJSON("ERROR", status))], count: 500),
        ])
        let timing = WatchTiming(initialPause: .milliseconds(20), longestPause: .milliseconds(400))
        try await server.serve { address in
            try await withTestClient(address) { client in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { for await _ in client.changes(of: Namespace.self, timing: timing) {} }
                    try? await Task.sleep(for: .seconds(2))
                    group.cancelAll()
                }
            }
        }
        // 20, 40, 80, 160, 320 ms and then 400 each time, or half of that.
        let lists = server.received("GET \(path)").count
        #expect((3...16).contains(lists), "\(lists)")
    }

    @Test("a cancelled consumer ends at once")
    func cancellation() async throws {
        let server = ScriptedServer([
            "GET \(path)": [ScriptedServer.json(listJSON([], version: 10))], "WATCH \(path)": [[.status(200)]],
        ])
        let took = try await server.serve { address in
            try await withTestClient(address) { client in
                let clock = ContinuousClock()
                return await withTaskGroup(of: Void.self) { group in
                    group.addTask { for await _ in client.changes(of: Namespace.self, timing: quick) {} }
                    try? await Task.sleep(for: .milliseconds(100))
                    return await clock.measure {
                        group.cancelAll()
                        await group.waitForAll()
                    }
                }
            }
        }
        #expect(took < .seconds(1))
    }
}
