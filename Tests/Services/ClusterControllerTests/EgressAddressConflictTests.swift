import ClusterAPI
import KubernetesClient
import TestSupport
import Testing

/// Against the real API server.
@Suite("Egress addresses that others have, of a real server", .timeLimit(.minutes(2)))
struct EgressAddressConflictTests {
    private func messages(_ client: KubernetesClient) async throws -> [String] {
        try await client.list(Event.self, in: "default").items.filter { event in
            event.involvedObject.name == "e" && event.reason == "EgressAddressNotAssigned"
        }.compactMap(\.message)
    }

    @Test("an address of a FailoverGroup, of a pool or of a service is at no node, and an event says whose it is")
    func told() async throws {
        try await RealServer.withController { client in
            try await client.create(FailoverGroup(name: "f", spec: FailoverGroupSpec(addresses: ["192.0.2.10"])))
            try await client.create(
                ExternalIPPolicy(
                    name: "p",
                    spec: ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.20/32"], autoAssignCIDRs: ["192.0.2.32/28"])))
            var service = Service(metadata: ObjectMeta(name: "s", namespace: "default"))
            service.spec = ServiceSpec(ports: [ServicePort(port: 80)], selector: ["app": "s"])
            service.spec?.externalIPs = ["192.0.2.20"]
            try await client.create(service)
            try await client.create(
                EgressIP(
                    name: "e",
                    spec: EgressIPSpec(
                        egressIPs: ["192.0.2.10", "192.0.2.20", "192.0.2.40"], namespaceSelector: LabelSelector())))
            for words in [
                "192.0.2.10: it is an address of FailoverGroup f", "192.0.2.20: it is an address of Service default/s",
                "192.0.2.40: it is in 192.0.2.32/28, of which ExternalIPPolicy p gives services addresses",
            ] {
                try await eventually("it is told: \(words)") { try await messages(client).contains(words) }
            }
            try await client.delete(FailoverGroup.self, "f")
            try await eventually("what is left is that no node may hold it") {
                try await messages(client).contains("192.0.2.10: no node has the label \(EgressIP.assignableLabel)")
            }
        }
    }
}
