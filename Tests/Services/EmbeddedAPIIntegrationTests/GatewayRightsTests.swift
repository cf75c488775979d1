import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import Testing

/// A gateway's pod reads what it serves, and says how, of its own gateway.
@Suite("What a pod of an EgressGateway may do", .timeLimit(.minutes(2)))
struct GatewayRightsTests {
    private static let merge = "application/merge-patch+json"
    private static let served: JSONValue = ["status": ["gateways": [["pod": "bank-1", "ready": true]]]]

    private static func gateways(_ namespace: String) -> String {
        "/apis/gabion.io/v1/namespaces/\(namespace)/egressgateways"
    }

    private static func gateway(_ name: String, in namespace: String) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "EgressGateway",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": ["ports": [["port": 443, "redirect": ["address": "203.0.113.10", "port": 443]]]],
        ]
    }

    private static func with(
        _ identity: Identity, _ body: @Sendable (ServerFixture, TestClient) async throws -> Void
    ) async throws {
        try await ServerFixture.with { fixture in
            for namespace in ["shop", "other"] {
                let object: JSONValue = [
                    "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)],
                ]
                #expect(try await fixture.admin.create("/api/v1/namespaces", object).status == 201)
                for name in ["bank", "mail"] {
                    let made = try await fixture.admin.create(
                        gateways(namespace), gateway(name, in: namespace))
                    #expect(made.status == 201, "\(made.text)")
                }
            }
            try await fixture.withClient(identity) { client in try await body(fixture, client) }
        }
    }

    @Test("it reads the gateways of its namespace, and no other namespace's, nor anything else")
    func reads() async throws {
        try await Self.with(Identity(user: "gabion:gateway:shop:bank", groups: [Identity.gatewaysGroup])) { _, client in
            for (path, status) in [
                (Self.gateways("shop"), 200), (Self.gateways("shop") + "/bank", 200),
                (Self.gateways("other"), 403), (Self.gateways("other") + "/bank", 403),
                ("/apis/gabion.io/v1/egressgateways", 403), ("/api/v1/namespaces/shop/pods/bank-2", 403),
                ("/api/v1/namespaces/shop/pods", 403), ("/api/v1/namespaces/other/pods/bank-2", 403),
                ("/api/v1/namespaces/shop/secrets", 403), ("/api/v1/namespaces/shop/services", 403),
                ("/api/v1/nodes", 403),
            ] {
                let answer = try await client.get(path)
                #expect(answer.status == status, "\(path)")
            }
        }
    }

    @Test("it writes its own gateway's status, and nothing else of it, nor another's")
    func writes() async throws {
        try await Self.with(Identity(user: "gabion:gateway:shop:bank", groups: [Identity.gatewaysGroup])) {
            fixture, client in
            let own = Self.gateways("shop") + "/bank"
            let wish: JSONValue = [
                "spec": ["ports": [["port": 1, "redirect": ["address": "203.0.113.99", "port": 1]]]],
                "status": Self.served["status"] ?? .null,
            ]
            #expect(try await client.send(.PATCH, own + "/status", wish, type: Self.merge).status == 200)
            let after = try await fixture.admin.get(own).json
            #expect(after["status"] == Self.served["status"])
            #expect(after["spec"]?["ports"]?.array?.first?["port"] == 443)
            for (method, path, body) in [
                (.PATCH, own, wish), (.PUT, own, Self.gateway("bank", in: "shop")), (.DELETE, own, .null),
                (.POST, Self.gateways("shop"), Self.gateway("mine", in: "shop")),
                (.PATCH, Self.gateways("shop") + "/mail/status", Self.served),
                (.PATCH, Self.gateways("other") + "/bank/status", Self.served),
                (.DELETE, "/api/v1/namespaces/shop/pods/bank-2", .null),
            ] as [(HTTPMethod, String, JSONValue)] {
                let type = method == .PATCH ? Self.merge : "application/json"
                #expect(try await client.send(method, path, body, type: type).status == 403, "\(method) \(path)")
            }
        }
    }

    @Test(
        "a name that is no gateway's has no rights",
        arguments: [
            "gabion:gateway:shop", "gabion:gateway:shop:", "gabion:gateway::bank", "gabion:gateway:shop:bank:x",
        ])
    func strangers(user: String) async throws {
        try await Self.with(Identity(user: user, groups: [Identity.gatewaysGroup])) { _, client in
            let answer = try await client.get(Self.gateways("shop") + "/bank")
            #expect(answer.status == 403)
        }
    }

    @Test("a gateway that leads into the cluster is refused, by kind and field")
    func refusals() async throws {
        try await Self.with(Identity(user: "x", groups: [Identity.mastersGroup])) { _, client in
            var wrong = Self.gateway("wrong", in: "shop")
            wrong["spec"] = ["ports": [["port": 443, "redirect": ["address": "169.254.169.254", "port": 80]]]]
            let answer = try await client.send(.POST, Self.gateways("shop"), wrong)
            #expect(answer.status == 422 && answer.message.contains("spec.ports[0].redirect.address"), "\(answer.text)")
        }
    }
}
