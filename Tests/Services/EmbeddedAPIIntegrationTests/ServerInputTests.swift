import AsyncHTTPClient
import ClusterAPI
import NIOCore
import NIOHTTP1
import Testing

@Suite("Bad input of the embedded API", .timeLimit(.minutes(1)))
struct ServerInputTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"

    @Test(
        "a body that is no object of the kind is refused with 400 or 422, and nothing is stored",
        arguments: [
            ("not json", "{\"kind\":", 400),
            ("another kind", "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"}}", 400),
            ("another namespace", "{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}", 400),
            ("no name", "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{}}", 422),
            ("a bad name", "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"A_b\"}}", 422),
            ("an array", "[]", 400),
            ("deep nesting", String(repeating: "[", count: 100_000), 400),
        ])
    func refuses(name: String, text: String, code: Int) async throws {
        try await ServerFixture.with { fixture in
            var request = fixture.admin.request(.POST, Self.maps)
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: text))
            let answer = try await fixture.admin.answer(request)
            #expect(answer.status == code, "\(name): \(answer.text)")
            #expect(answer.json["kind"]?.string == "Status")
            #expect(try await fixture.admin.get(Self.maps).items.isEmpty)
        }
    }

    @Test("a body over three mebibytes is refused with 413")
    func limitsBodies() async throws {
        try await ServerFixture.with { fixture in
            var request = fixture.admin.request(.POST, Self.maps)
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(repeating: 0x20, count: 4 << 20))
            let answer = try await fixture.admin.answer(request)
            #expect(answer.status == 413)
            #expect(answer.reason == "RequestEntityTooLarge")
        }
    }

    @Test("a bad policy is refused with 422 that names the field")
    func validates() async throws {
        try await ServerFixture.with { fixture in
            let answer = try await fixture.admin.create(
                "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies",
                [
                    "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": ["name": "p"],
                    "spec": ["podSelector": [:], "ingress": [["ports": [["port": 70_000]]]]],
                ])
            #expect(answer.status == 422)
            #expect(
                answer.json["details"]?["causes"]?.array?.first?["field"]?.string == "spec.ingress[0].ports[0].port")
        }
    }

    @Test(
        "an unknown path or method is told as such",
        arguments: [
            (HTTPMethod.GET, "/api/v1/namespaces/default/gizmos", 404), (.GET, "/apis/none.example/v1/things", 404),
            (.GET, "/nothing", 404), (.POST, "/api/v1/namespaces/default/configmaps/a", 405),
            (.PUT, "/api/v1/namespaces/default/configmaps", 405), (.GET, "/api/v1/namespaces/default/nodes", 404),
            (.GET, "/api/v1/namespaces/default/configmaps?limit=x", 400),
            (.GET, "/api/v1/namespaces/default/configmaps?labelSelector=a%20in", 400),
            (.GET, "/api/v1/namespaces/default/configmaps?fieldSelector=data.x%3D1", 400),
            (.GET, "/api/v1/namespaces/default/configmaps?continue=x", 400),
        ])
    func refusesPaths(method: HTTPMethod, path: String, code: Int) async throws {
        try await ServerFixture.with { fixture in
            let answer = try await fixture.admin.send(method, path)
            #expect(answer.status == code, "\(answer.text)")
            #expect(answer.json["kind"]?.string == "Status")
        }
    }
}
