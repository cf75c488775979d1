import ClusterAPI
import KubernetesClient
import TestSupport
import Testing

/// Against the real API server.
@Suite("Addresses of load balancers, of a real server", .timeLimit(.minutes(2))) struct ExternalAddressTests {
    private func service(_ name: String, type: String = "LoadBalancer", wants address: String? = nil) -> Service {
        var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
        service.spec = ServiceSpec(ports: [ServicePort(port: 80)], selector: ["app": name])
        service.spec?.type = type
        service.spec?.loadBalancerIP = address
        return service
    }

    private func policy(rejected: [String]? = nil) -> ExternalIPPolicy {
        ExternalIPPolicy(
            name: "lab",
            spec: ExternalIPPolicySpec(rejectedCIDRs: rejected, autoAssignCIDRs: ["192.0.2.0/31"]))
    }

    private func addresses(_ name: String, _ client: KubernetesClient) async throws -> [String] {
        let service = try await client.get(Service.self, name, in: "default")
        return (service.status?.loadBalancer?.ingress ?? []).compactMap(\.ip)
    }

    private func reasons(_ name: String, _ client: KubernetesClient) async throws -> [String] {
        try await client.list(Event.self, in: "default").items.filter { $0.involvedObject.name == name }
            .compactMap(\.reason)
    }

    @Test("a load balancer gets an address of the pools, and waits with an event while there is none")
    func assigns() async throws {
        try await RealServer.withController { client in
            try await client.create(service("a"))
            try await eventually("it is told that there is no pool") {
                try await reasons("a", client).contains("NoExternalAddress")
            }
            try await client.create(policy())
            try await eventually("it gets the first address") { try await addresses("a", client) == ["192.0.2.0"] }
            try await client.create(service("b", wants: "192.0.2.1"))
            try await eventually("the chosen address is given") { try await addresses("b", client) == ["192.0.2.1"] }
            try await client.create(service("c"))
            try await eventually("nothing is left") { try await reasons("c", client).contains("NoExternalAddress") }
            try await eventually("the policy counts") {
                let status = try await client.get(ExternalIPPolicy.self, "lab").status
                return status?.assigned == 2 && status?.conditions?.first?.status == "True"
            }
            try await client.delete(Service.self, "a", in: "default")
            try await eventually("what is free again goes to who waits") {
                try await addresses("c", client) == ["192.0.2.0"]
            }
            try await eventually("an event says so") {
                try await reasons("b", client).contains("ExternalAddressAssigned")
            }
        }
    }

    @Test("what a policy comes to reject is taken away, and a service of another type gives its address back")
    func withdraws() async throws {
        try await RealServer.withController { client in
            try await client.create(policy())
            try await client.create(service("a"))
            try await eventually("it has an address") { try await addresses("a", client) == ["192.0.2.0"] }
            try await client.patch(
                ExternalIPPolicy.self, "lab", with: .merge(["spec": ["rejectedCIDRs": ["192.0.2.0/32"]]]))
            try await eventually("it has another") { try await addresses("a", client) == ["192.0.2.1"] }
            try await client.patch(Service.self, "a", in: "default", with: .merge(["spec": ["type": "ClusterIP"]]))
            try await eventually("it has none") { try await addresses("a", client).isEmpty }
            // Events come after what they tell of.
            try await eventually("an event says so") {
                try await reasons("a", client).contains("ExternalAddressWithdrawn")
            }
        }
    }

    @Test("an external IP that a policy no longer allows is told")
    func complains() async throws {
        try await RealServer.withController { client in
            try await client.create(
                ExternalIPPolicy(name: "lab", spec: ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.0/24"])))
            var chosen = service("a", type: "ClusterIP")
            chosen.spec?.externalIPs = ["192.0.2.7"]
            try await client.create(chosen)
            try await client.delete(ExternalIPPolicy.self, "lab")
            try await eventually("an event says so") {
                try await reasons("a", client).contains("ExternalIPRejected")
            }
        }
    }
}
