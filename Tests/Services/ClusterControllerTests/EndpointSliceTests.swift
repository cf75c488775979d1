import APIMachinery
import ClusterAPI
import KubernetesClient
import ServiceModel
import TestSupport
import Testing

/// Against the real API server.
@Suite("Endpoint slices of a real server") struct EndpointSliceTests {
    private func service(_ name: String, selector: [String: String]?) -> Service {
        var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
        service.spec = ServiceSpec(ports: [ServicePort(port: 80, targetPort: .int(8080))], selector: selector)
        return service
    }

    private func setPod(_ name: String, _ status: JSONValue, _ client: KubernetesClient) async throws {
        try await client.patch(Pod.self, name, in: "default", with: .merge(["status": status]), subresource: "status")
    }

    private func addresses(_ service: String, _ client: KubernetesClient) async throws -> [String] {
        try await client.list(
            EndpointSlice.self, in: "default",
            options: ListOptions(labelSelector: "\(EndpointSlice.serviceLabel)=\(service)")
        )
        .items.flatMap(\.endpoints).filter(\.isReady).flatMap(\.addresses).sorted()
    }

    @Test("pods that become ready and go are in the slices and out of them, and the slices go with the service")
    func lifecycle() async throws {
        try await RealServer.withController { client in
            let made = try await client.create(service("web", selector: ["app": "web"]))
            #expect(made.spec?.clusterIP?.hasPrefix("172.30.") == true)
            try await client.create(
                Pod(
                    metadata: ObjectMeta(name: "a", namespace: "default", labels: ["app": "web"]),
                    spec: PodSpec(nodeName: "one", containers: [Container(name: "c")])))
            try await eventually("an empty slice") {
                try await client.list(EndpointSlice.self, in: "default").items.count == 1
            }
            try await setPod("a", ["phase": "Running", "podIP": "10.1.0.1"], client)
            try await eventually("the pod is an endpoint") { try await addresses("web", client) == ["10.1.0.1"] }
            try await eventually("the old object says so too") {
                let object = try await client.list(Endpoints.self, in: "default").items.first { $0.key.name == "web" }
                let subset = object?.subsets?.first
                return subset?.addresses?.map(\.ip) == ["10.1.0.1"] && subset?.ports?.map(\.port) == [8080]
            }
            try await setPod("a", ["conditions": [["type": "Ready", "status": "False"]]], client)
            try await eventually("the pod is not ready") { try await addresses("web", client).isEmpty }
            try await client.delete(Pod.self, "a", in: "default")
            try await eventually("the pod is out") {
                try await client.list(EndpointSlice.self, in: "default").items.allSatisfy(\.endpoints.isEmpty)
            }
            try await client.delete(Service.self, "web", in: "default")
            try await eventually("no slice is left, nor the old object") {
                let slices = try await client.list(EndpointSlice.self, in: "default").items
                let objects = try await client.list(Endpoints.self, in: "default").items
                return slices.isEmpty && objects.isEmpty
            }
        }
    }

    @Test("Endpoints that people write are mirrored")
    func mirrors() async throws {
        try await RealServer.withController { client in
            try await client.create(service("out", selector: nil))
            try await client.create(
                Endpoints(
                    metadata: ObjectMeta(name: "out", namespace: "default"),
                    subsets: [
                        EndpointSubset(addresses: [EndpointAddress(ip: "192.0.2.1")], ports: [SlicePort(port: 5432)])
                    ]))
            try await eventually("the slice is there") { try await addresses("out", client) == ["192.0.2.1"] }
            try await client.delete(Endpoints.self, "out", in: "default")
            try await eventually("it goes with the object") {
                try await client.list(EndpointSlice.self, in: "default").items.isEmpty
            }
        }
    }

    /// A version that a server tells, and whether slices are written there.
    static let versions: [(JSONValue, Bool)] = [
        (ServerVersion.document, true), (["gitVersion": "v1.32.0"], false), (["gitVersion": "v1.32.0+k3s1"], false),
        ([:], false),
    ]

    @Test("slices are written beside the embedded server and nowhere else", arguments: versions)
    func knowsItsServer(_ version: JSONValue, _ isOurs: Bool) { #expect(ServerVersion.isOurs(version) == isOurs) }
}
