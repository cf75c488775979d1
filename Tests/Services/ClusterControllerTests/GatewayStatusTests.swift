import ClusterAPI
import KubernetesClient
import TestSupport
import Testing

/// What the controller makes of the word of pods in the status of EgressGateways, beside a real server.
@Suite("The status of gateways whose pods come and go", .timeLimit(.minutes(2)))
struct GatewayStatusTests {
    private static let gateway = ObjectKey(namespace: "shop", name: "bank")

    private static func pod(_ name: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": .string(name), "namespace": "shop", "labels": [EgressGateway.podLabel: "bank"],
            ],
            "spec": ["containers": [["name": "gateway", "image": "gabion"]]],
        ]
    }

    /// As `gabion gateway` in the pod says it.
    private static func say(_ client: KubernetesClient, _ pod: String) async throws {
        let present = try await client.get(EgressGateway.self, gateway.name, in: gateway.namespace)
        let pods = (present.status?.gateways ?? []) + [EgressGatewayPod(pod: pod, ready: true)]
        let status = EgressGatewayStatus(pods, of: present, at: .now())
        try await client.patch(
            EgressGateway.self, gateway.name, in: gateway.namespace, with: .merge(status.patch(over: present)),
            subresource: "status")
    }

    private static func expect(_ client: KubernetesClient, _ pods: [String], _ reason: String) async throws {
        try await eventually("\(pods) serve: \(reason)", within: .seconds(15)) {
            let status = try await client.get(EgressGateway.self, gateway.name, in: gateway.namespace).status
            return (status?.gateways ?? []).map(\.pod) == pods && status?.conditions?.map(\.reason) == [reason]
        }
    }

    @Test("a gateway without pods says so, and the word of pods that ended, were deleted or never were does not stay")
    func comeAndGo() async throws {
        try await RealServer.withController { client in
            _ = try await client.create(Namespace(metadata: ObjectMeta(name: "shop")))
            let ports = [EgressGatewayPort(443, redirect: EgressRedirect(address: "203.0.113.10", port: 443))]
            _ = try await client.create(EgressGateway(Self.gateway, spec: EgressGatewaySpec(ports: ports)))
            try await Self.expect(client, [], "NoPods")
            for name in ["one", "two"] {
                _ = try await client.create(Self.pod(name))
                try await Self.say(client, name)
            }
            try await Self.expect(client, ["one", "two"], "Served")
            try await Self.say(client, "nobody")
            try await Self.expect(client, ["one", "two"], "Served")
            try await client.patch(
                Pod.self, "one", in: "shop", with: .merge(["status": ["phase": "Failed"]]), subresource: "status")
            try await Self.expect(client, ["two"], "Served")
            try await client.delete(Pod.self, "two", in: "shop")
            try await Self.expect(client, [], "NoPods")
        }
    }
}
