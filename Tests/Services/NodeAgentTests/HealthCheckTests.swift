import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import TestSupport
import Testing

@Suite("Health checks of load balancers", .requiresRoot, .serialized, .timeLimit(.minutes(2)))
struct HealthCheckTests {
    private static func service(_ name: String = "web", port: Int = 32000, policy: String? = "Local") -> Service {
        var spec = ServiceSpec(clusterIPs: ["172.30.0.\(10 + name.utf8.count)"], ports: [ServicePort(port: 80)])
        spec.type = "LoadBalancer"
        spec.externalTrafficPolicy = policy
        spec.healthCheckNodePort = port
        return Service(metadata: ObjectMeta(name: name, namespace: "shop"), spec: spec)
    }

    private static func slice(_ nodes: [String]) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(name: "web-1", namespace: "shop", labels: [EndpointSlice.serviceLabel: "web"]),
            addressType: "IPv4",
            endpoints: nodes.enumerated().map { index, node in
                SliceEndpoint(addresses: ["10.128.1.\(index + 5)"], nodeName: node)
            }, ports: [SlicePort(port: 8080)])
    }

    private static func with(
        nodePorts: [CIDR] = [], _ body: (ServiceNode) async throws -> Void
    ) async throws {
        try await ServiceNode.with(nodePorts: nodePorts) { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let health = HealthCheckService(
                    agent: fixture.agent, in: fixture.node.reference, interval: .milliseconds(20))
                group.addTask { await health.run() }
                try await body(fixture)
                group.cancelAll()
            }
        }
    }

    /// The whole answer, or why there is none.
    private static func get(_ fixture: ServiceNode, _ address: String, _ port: UInt16 = 32000) throws -> String {
        let target = SocketAddress(try #require(IPAddress(address)), port: port)
        return try withNetworkNamespace(fixture.outside.reference) {
            let socket = try Socket(.tcp, target.address.family)
            if try !socket.connect(to: target) {
                guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(2)) else {
                    return "silence"
                }
                if let error = socket.pendingError() { return "\(error)" }
            }
            _ = try socket.send(Array("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            var text = ""
            while try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(2)) {
                guard let bytes = try socket.receive(), !bytes.isEmpty else { break }
                text += String(decoding: bytes, as: UTF8.self)
            }
            return text
        }
    }

    @Test("a node with ready endpoints says yes, one without says no, and only services that ask for it are answered")
    func answers() async throws {
        try await Self.with { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            await fixture.agent.receive(.upserted(Self.slice(["one", "two", "one"])))
            for address in ServiceNode.hosts {
                try await eventually { try Self.get(fixture, address).hasPrefix("HTTP/1.1 200 ") }
                let text = try Self.get(fixture, address)
                #expect(text.contains("X-Load-Balancing-Endpoint-Weight: 2\r\n"))
                #expect(text.contains("Content-Type: application/json\r\n"))
                let body = try #require(text.split(separator: "\r\n\r\n").last)
                #expect(
                    try JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)) == [
                        "service": ["namespace": "shop", "name": "web"], "localEndpoints": 2,
                        "serviceProxyHealthy": true,
                    ])
            }
            await fixture.agent.receive(.upserted(Self.slice(["two"])))
            try await eventually { try Self.get(fixture, ServiceNode.hosts[0]).hasPrefix("HTTP/1.1 503 ") }
            await fixture.agent.receive(.upserted(Self.service(policy: "Cluster")))
            try await eventually {
                try Self.get(fixture, ServiceNode.hosts[0]) == "\(ErrorNumber.connectionRefused)"
            }
        }
    }

    @Test("where node ports are served at some addresses only, so are health checks, also at one that comes later")
    func someAddresses() async throws {
        try await Self.with(nodePorts: [try #require(CIDR("192.168.7.0/30"))]) { fixture in
            await fixture.agent.receive(.upserted(Self.service()))
            await fixture.agent.receive(.upserted(Self.slice(["one"])))
            try await eventually { try Self.get(fixture, "192.168.7.1").hasPrefix("HTTP/1.1 200 ") }
            let refused = "\(ErrorNumber.connectionRefused)"
            #expect(try Self.get(fixture, ServiceNode.hosts[1]) == refused)
            for address in ["192.168.7.2", "192.168.7.5"] {
                try fixture.node.run("/usr/sbin/ip", "address", "add", "\(address)/32", "dev", "d0")
            }
            try await eventually { try Self.get(fixture, "192.168.7.2").hasPrefix("HTTP/1.1 200 ") }
            #expect(try Self.get(fixture, "192.168.7.5") == refused)
            #expect(await fixture.agent.status().problems == [])
        }
    }

    @Test("a port that somebody has is told of, and taken as soon as it is free")
    func conflict() async throws {
        try await Self.with { fixture in
            let taken = try fixture.node.inside {
                let socket = try Socket(.tcp, .v4)
                try socket.bind(to: SocketAddress(IPAddress(v4: 0), port: 32000))
                try socket.listen()
                return socket
            }
            await fixture.agent.receive(.upserted(Self.service()))
            await fixture.agent.receive(.upserted(Self.service("other")))
            await fixture.agent.receive(.upserted(Self.slice(["one"])))
            try await eventually {
                let problems = await fixture.agent.status().problems.filter { $0.contains("healthCheckNodePort 32000") }
                return problems.count == 2
            }
            taken.shutDown(reading: true)
            _ = consume taken
            try await eventually { try Self.get(fixture, ServiceNode.hosts[0]).contains("\"other\"") }
            #expect(
                await fixture.agent.status().problems == [
                    "Service shop/web: load balancers are not answered at healthCheckNodePort 32000, and send nothing "
                        + "here: it is shop/other's"
                ])
        }
    }
}
