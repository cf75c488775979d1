import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import Testing

/// What is tried with `dryRun=All` answers as the real thing and changes nothing.
@Suite("Dry runs", .timeLimit(.minutes(1)))
struct ServerDryRunTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        let method: HTTPMethod
        let path: String
        var body: JSONValue?
        var type = "application/json"
        let code: Int
        var testDescription: String { "\(method) \(path)" }
    }

    private static let maps = "/api/v1/namespaces/default/configmaps"
    private static let pods = "/api/v1/namespaces/default/pods"
    private static let merge = "application/merge-patch+json"

    static let attempts = [
        Attempt(method: .POST, path: maps, body: TestObjects.configMap("new"), code: 201),
        Attempt(method: .POST, path: "/api/v1/namespaces", body: TestObjects.namespace("new"), code: 201),
        Attempt(
            method: .POST, path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: TestObjects.widgets,
            code: 201),
        Attempt(method: .PUT, path: maps + "/a", body: TestObjects.configMap("a", data: ["x": "y"]), code: 200),
        Attempt(method: .PATCH, path: maps + "/a", body: ["data": ["x": "y"]], type: merge, code: 200),
        Attempt(
            method: .PATCH, path: pods + "/p/status", body: ["status": ["phase": "Failed"]], type: merge, code: 200),
        Attempt(method: .POST, path: pods + "/p/binding", body: ["target": ["name": "n1"]], code: 201),
        Attempt(
            method: .PUT, path: "/api/v1/namespaces/held/finalize", body: ["spec": ["finalizers": []]], code: 200),
        Attempt(method: .DELETE, path: maps + "/a", code: 200),
        Attempt(method: .DELETE, path: maps, code: 200),
        Attempt(method: .DELETE, path: "/api/v1/namespaces/held", code: 200),
    ]

    @Test("no write of any kind reaches the store")
    func writesNothing() async throws {
        try await ServerFixture.with { fixture in
            let client = fixture.admin
            #expect(try await client.create(Self.maps, TestObjects.configMap("a")).status == 201)
            #expect(try await client.create(Self.pods, TestObjects.pod("p")).status == 201)
            #expect(try await client.create("/api/v1/namespaces", TestObjects.namespace("held")).status == 201)
            for attempt in Self.attempts {
                let before = try await client.get("/api/v1/namespaces").json["metadata"]?["resourceVersion"]
                let answer = try await client.send(
                    attempt.method, attempt.path + "?dryRun=All", attempt.body, type: attempt.type)
                #expect(answer.status == attempt.code, "\(attempt): \(answer.text)")
                let after = try await client.get("/api/v1/namespaces").json["metadata"]?["resourceVersion"]
                #expect(after == before, "\(attempt): the store went on to another revision")
            }
        }
    }
}
