import ClusterAPI
import ConntrackDriver
import KubernetesClient
import NetworkTypes
import NodeAgent
import Synchronization
import TestSupport
import Testing

@Suite struct RevocationOrderTests {
    private static let service = Service(
        metadata: ObjectMeta(name: "dns", namespace: "shop"),
        spec: ServiceSpec(clusterIPs: ["172.30.0.10"], ports: [ServicePort(name: "d", protocol: "UDP", port: 53)]))

    private static func slice(_ endpoint: String) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(name: "dns-a", namespace: "shop", labels: [EndpointSlice.serviceLabel: "dns"]),
            addressType: "IPv4", endpoints: [SliceEndpoint(addresses: [endpoint])],
            ports: [SlicePort(name: "d", protocol: "UDP", port: 53)])
    }

    /// Else the client's next datagram is led to the old endpoint once more, and nobody looks at it again.
    @Test("datagrams' connections are judged by new endpoints only once the kernel leads there")
    func order() async throws {
        let kernel = FakeKernel()
        var configuration = Cluster.configuration
        configuration.revocationPause = .milliseconds(300)
        try await Cluster.withAgent(kernel, configuration: configuration) { agent in
            await Cluster.introduce(
                to: agent, pods: [Cluster.pod("web")], services: [Self.service], slices: [Self.slice("10.128.2.4")])
            try await agent.attach(Cluster.attachment("web", 5))
            let client = try #require(IPAddress("10.128.1.5"))
            let stale = ConntrackEntry(
                original: .init(
                    source: client, destination: try #require(IPAddress("172.30.0.10")), ipProtocol: 17,
                    detail: .ports(source: 40000, destination: 53)),
                reply: .init(
                    source: try #require(IPAddress("10.128.2.4")), destination: client, ipProtocol: 17,
                    detail: .ports(source: 53, destination: 40000)))
            kernel.state.withLock { $0.connections = [stale] }
            // One look at the connections, and another that is due as soon as the first has rested.
            for app in ["a", "b"] {
                await agent.receive(.upserted(Cluster.policy(from: LabelSelector(matchLabels: ["app": app]))))
                try await Task.sleep(for: .milliseconds(60))
            }
            kernel.state.withLock { $0.applyingTime = .milliseconds(800) }
            await agent.receive(.upserted(Self.slice("10.128.2.5")))
            try await eventually { kernel.state.withLock { $0.connections }.isEmpty }
            #expect(!kernel.state.withLock { $0.endedEarly })
        }
    }
}
