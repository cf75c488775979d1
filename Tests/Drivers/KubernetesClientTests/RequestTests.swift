import ClusterAPI
import Foundation
import KubernetesClient
import NIOHTTP1
import Testing

private let policies = "/apis/networking.k8s.io/v1/namespaces/a/networkpolicies"

@Suite struct RequestTests {
    private func policy(_ name: String) -> NetworkPolicy {
        NetworkPolicy(metadata: ObjectMeta(name: name, namespace: "a"), spec: NetworkPolicySpec())
    }

    private let stored = #"{"metadata":{"name":"p","namespace":"a","resourceVersion":"7"},"spec":{}}"#

    @Test("create sends apiVersion and kind to the object's own collection")
    func create() async throws {
        let server = ScriptedServer(["POST \(policies)": [ScriptedServer.json(stored, code: 201)]])
        let result = try await server.serve { address in
            try await withTestClient(address) { try await $0.create(policy("p")) }
        }
        #expect(result.metadata.resourceVersion == "7")
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(server.received.first).body.utf8))
        #expect(sent["apiVersion"] == "networking.k8s.io/v1")
        #expect(sent["kind"] == "NetworkPolicy")
    }

    @Test(
        "each kind of patch has its own content type",
        arguments: [
            (Patch.merge(["a": 1]), "application/merge-patch+json", #"{"a":1}"#),
            (Patch.json([["op": "remove"]]), "application/json-patch+json", #"[{"op":"remove"}]"#),
            (Patch.strategic(["a": .null]), "application/strategic-merge-patch+json", #"{"a":null}"#),
        ])
    func patches(patch: Patch, type: String, body: String) async throws {
        let server = ScriptedServer(["PATCH \(policies)/p/status": [ScriptedServer.json(stored)]])
        _ = try await server.serve { address in
            try await withTestClient(address) {
                try await $0.patch(NetworkPolicy.self, "p", in: "a", with: patch, subresource: "status")
            }
        }
        #expect(server.received.first?.headers.first(name: "Content-Type") == type)
        #expect(server.received.first?.body == body)
    }

    /// kube-apiserver reads what is applied as YAML, which knows no escaped slash.
    @Test("what is applied is JSON and YAML, and names its manager")
    func apply() async throws {
        let resources = #"{"resources":[{"name":"configmaps","namespaced":true,"kind":"ConfigMap"}]}"#
        let map = "/api/v1/namespaces/a/configmaps/m"
        let server = ScriptedServer([
            "GET /api/v1": [ScriptedServer.json(resources)], "PATCH \(map)": [ScriptedServer.json(stored)],
        ])
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m", "namespace": "a"],
            "data": ["file": "a/b"],
        ]
        _ = try await server.serve { address in
            try await withTestClient(address) {
                try await $0.apply(object, as: "me", isForced: true, isTrial: true)
            }
        }
        let sent = try #require(server.received.last)
        #expect(sent.headers.first(name: "Content-Type") == "application/apply-patch+yaml")
        #expect(sent.query == ["fieldManager": "me", "force": "true", "dryRun": "All"])
        #expect(sent.body.contains("a/b") && !sent.body.contains(#"\/"#), "\(sent.body)")
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(sent.body.utf8)) == object)
    }

    @Test("a failure carries the server's Status, the method and the path")
    func failure() async throws {
        let server = ScriptedServer(["PUT \(policies)/p": [ScriptedServer.failure(409, "Conflict")]])
        try await server.serve { address in
            try await withTestClient(address) { client in
                let error = await #expect(throws: KubernetesError.self) { try await client.update(policy("p")) }
                #expect(error?.failure?.isConflict == true)
                #expect(error?.description == "PUT \(policies)/p: 409 Conflict: no Conflict")
            }
        }
    }

    @Test(
        "what is refused with Retry-After is sent again, what may have been done is not",
        arguments: [
            ("429 with Retry-After", 2), ("503 with Retry-After", 2), ("503", 1), ("500", 1), ("broken connection", 1),
        ])
    func retryOfCreate(fault: String, attempts: Int) async throws {
        let answers: [String: [ScriptedServer.Step]] = [
            "429 with Retry-After": ScriptedServer.failure(429, "TooManyRequests", headers: ["Retry-After": "0"]),
            "503 with Retry-After": ScriptedServer.failure(503, "ServiceUnavailable", headers: ["Retry-After": "0"]),
            "503": ScriptedServer.failure(503, "ServiceUnavailable"), "500": ScriptedServer.failure(500, "Internal"),
            "broken connection": [.abort],
        ]
        let server = ScriptedServer([
            "POST \(policies)": [try #require(answers[fault]), ScriptedServer.json(stored, code: 201)]
        ])
        try await server.serve { address in
            try await withTestClient(address) { client in
                let result = try? await client.create(policy("p"))
                #expect((result != nil) == (attempts == 2))
            }
        }
        #expect(server.received.count == attempts)
    }

    @Test("who is told to come again in a second comes then or a little later, and knows which priority level said so")
    func later() async throws {
        let refusal = ScriptedServer.failure(
            429, "TooManyRequests", headers: ["Retry-After": "1", "X-Kubernetes-PF-PriorityLevel-UID": "u-1"])
        let key = "GET \(policies)/p"
        let server = ScriptedServer([key: [refusal, ScriptedServer.json(stored), refusal]])
        try await server.serve { address in
            try await withTestClient(address) { client in
                let time = try await ContinuousClock().measure {
                    _ = try await client.get(NetworkPolicy.self, "p", in: "a")
                }
                #expect(time >= .seconds(1))
                var impatient = client
                impatient.retryPolicy = .none
                let error = await #expect(throws: KubernetesError.self) {
                    try await impatient.get(NetworkPolicy.self, "p", in: "a")
                }
                #expect(error?.description.hasSuffix("(priority level with uid u-1)") == true)
            }
        }
    }

    @Test("a read is sent again after a broken connection")
    func retryOfGet() async throws {
        let server = ScriptedServer([
            "GET \(policies)/p": [[.abort], [.status(200), .chunk("{"), .abort], ScriptedServer.json(stored)]
        ])
        let result = try await server.serve { address in
            try await withTestClient(address) { try await $0.get(NetworkPolicy.self, "p", in: "a") }
        }
        #expect(result.key.name == "p")
        #expect(server.received.count == 3)
    }

    @Test("a server that is not there is named, with the reason")
    func unreachable() async throws {
        try await withTestClient("http://127.0.0.1:1") { client in
            let error = await #expect(throws: KubernetesError.self) { try await client.get(Namespace.self, "a") }
            let text = "\(String(describing: error))"
            #expect(text.contains("GET /api/v1/namespaces/a") && text.contains("http://127.0.0.1:1"))
            #expect(text.contains("refused"))
        }
    }

    @Test("a server that stops answering is given up after the time limit")
    func timeLimit() async throws {
        let server = ScriptedServer(["GET /api/v1/namespaces/a": [[.status(200), .chunk("{")]]])
        try await server.serve { address in
            try await withTestClient(address) { client in
                var client = client
                client.retryPolicy = .none
                client.requestTimeout = .milliseconds(100)
                let error = await #expect(throws: KubernetesError.self) { try await client.get(Namespace.self, "a") }
                #expect("\(String(describing: error))".contains("no complete answer"))
            }
        }
    }

    @Test("an object without the namespace that its kind needs is not sent")
    func unsendable() async throws {
        try await withTestClient("http://127.0.0.1:1") { client in
            let error = await #expect(throws: KubernetesError.self) {
                try await client.create(NetworkPolicy(metadata: ObjectMeta(name: "p")))
            }
            #expect(
                error?.description
                    == "NetworkPolicy p cannot be sent: it has no namespace; set metadata.namespace or name one")
        }
    }

    @Test("requests travel over a unix socket")
    func unixSocket() async throws {
        let socket = "/tmp/gabion-kc-\(UUID().uuidString).sock"
        defer { try? FileManager.default.removeItem(atPath: socket) }
        let server = ScriptedServer(["GET /api/v1/namespaces/a": [ScriptedServer.json(namespaceJSON("a", version: 1))]])
        let result = try await server.serve(socket: socket) { address in
            try await withTestClient(address) { try await $0.get(Namespace.self, "a") }
        }
        #expect(result.key.name == "a")
    }

    @Test("selectors and names are percent-encoded")
    func escaping() async throws {
        let server = ScriptedServer(["GET /api/v1/namespaces": [ScriptedServer.json(listJSON([], version: 1))]])
        _ = try await server.serve { address in
            try await withTestClient(address) {
                try await $0.list(Namespace.self, options: ListOptions(labelSelector: "a in (b,c),d=é&x"))
            }
        }
        #expect(server.received.first?.query["labelSelector"] == "a in (b,c),d=é&x")
    }

    @Test("a refused token file is read again, and the request sent with what it holds now")
    func tokenFile() async throws {
        let file = "/tmp/gabion-kc-\(UUID().uuidString).token"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data("old\n".utf8).write(to: URL(fileURLWithPath: file))
        let key = "GET /api/v1/namespaces/a"
        let good = ScriptedServer.json(namespaceJSON("a", version: 1))
        let refused = ScriptedServer.failure(401, "Unauthorized")
        let server = ScriptedServer([key: [good, refused, good, refused]])
        try await server.serve { address in
            try await withTestClient(address, token: .file(file)) { client in
                _ = try await client.get(Namespace.self, "a")
                try Data("new\n".utf8).write(to: URL(fileURLWithPath: file))
                _ = try await client.get(Namespace.self, "a")
                await #expect(throws: KubernetesError.self, "there is no other token") {
                    try await client.get(Namespace.self, "a")
                }
            }
        }
        let sent = server.received.map { $0.headers.first(name: "Authorization") }
        #expect(sent == ["Bearer old", "Bearer old", "Bearer new", "Bearer new"])
    }
}
