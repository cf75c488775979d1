import ClusterAPI
import NIOHTTP1
import TestSupport
import Testing

/// What people do with services.
@Suite("kubectl and services", .timeLimit(.minutes(2)))
struct ClientKubectlServiceTests {
    @Test("expose gives an address, and get shows it with the ports", arguments: ClientProgram.kubectls)
    func exposes(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.pod("web"))
            try await kubectl.run("expose", "pod", "web", "--port=80", "--type=NodePort")
            let address = try await kubectl.value(".spec.clusterIP", of: "service", "web")
            let port = try await kubectl.value(".spec.ports[0].nodePort", of: "service", "web")
            let shown = try await kubectl.run("get", "svc", "web")
            #expect(shown.contains(address) && address.hasPrefix("172.30.") && shown.contains("80:\(port)/TCP"))
            try await kubectl.run("create", "service", "clusterip", "none", "--clusterip=None")
            #expect(try await kubectl.value(".spec.clusterIP", of: "service", "none") == "None")
        }
    }

    @Test(
        "an apply that is repeated keeps what was given, and one of another type gives it back",
        arguments: ClientProgram.kubectls)
    func applies(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let manifest =
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":80}]}}"#
            #expect(try await kubectl.apply(manifest).contains("service/s created"))
            let port = try await kubectl.value(".spec.ports[0].nodePort", of: "svc", "s")
            #expect(try await kubectl.apply(manifest).contains("service/s unchanged"))
            try await kubectl.apply(manifest.replacing("NodePort", with: "ClusterIP"))
            #expect(try await kubectl.value(".spec.ports[0].nodePort", of: "svc", "s").isEmpty)
            let other = manifest.replacing(#""s""#, with: #""t""#).replacing("80", with: "80,\"nodePort\":\(port)")
            try await kubectl.apply(other)
            let file = try kubectl.manifest(other.replacing(#""t""#, with: #""u""#))
            #expect(try await kubectl.fail("create", "-f", file).contains("provided port is already allocated"))
        }
    }

    private static let shop = """
        apiVersion: v1
        kind: Service
        metadata: {name: shop}
        spec:
          type: LoadBalancer
          selector: {app: shop}
          ports: [{name: http, port: 80, targetPort: 8080, nodePort: 30080}]
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: {name: shop}
        subsets: [{addresses: [{ip: 10.1.0.1}], ports: [{name: http, port: 8080}]}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: shop-1, labels: {kubernetes.io/service-name: shop}}
        addressType: IPv4
        endpoints: [{addresses: [10.1.0.1]}]
        ports: [{name: http, port: 8080, protocol: TCP}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: far}
        spec: {type: ExternalName, externalName: db.example.com}
        """

    /// The cells of the line that begins with a name.
    private static func row(_ name: String, in table: String) -> [String] {
        let line = table.split(separator: "\n").first { $0.hasPrefix(name) }
        return (line ?? "").split(separator: " ").map(String.init)
    }

    @Test(
        "get shows types, addresses, ports and selectors, and where a load balancer is reached",
        arguments: ClientProgram.kubectls)
    func shows(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(Self.shop)
            let address = try await kubectl.value(".spec.clusterIP", of: "svc", "shop")
            let pending = Self.row("shop", in: try await kubectl.run("get", "svc", "-o", "wide"))
            #expect(pending.prefix(5) == ["shop", "LoadBalancer", address, "<pending>", "80:30080/TCP"])
            #expect(pending.last == "app=shop")
            let far = Self.row("far", in: try await kubectl.run("get", "svc"))
            #expect(far.prefix(5) == ["far", "ExternalName", "<none>", "db.example.com", "<none>"])
            let status: JSONValue = ["status": ["loadBalancer": ["ingress": [["ip": "192.0.2.7"]]]]]
            let path = "/api/v1/namespaces/default/services/shop/status"
            let written = try await fixture.admin.send(.PATCH, path, status, type: "application/merge-patch+json")
            #expect(written.status == 200)
            #expect(Self.row("shop", in: try await kubectl.run("get", "svc"))[3] == "192.0.2.7")
            #expect(Self.row("shop", in: try await kubectl.run("get", "endpoints"))[1] == "10.1.0.1:8080")
            let slice = Self.row("shop-1", in: try await kubectl.run("get", "endpointslices"))
            #expect(slice.prefix(4) == ["shop-1", "IPv4", "8080", "10.1.0.1"])
        }
    }

    @Test("describe says who is behind a service, and by which ways it is reached", arguments: ClientProgram.kubectls)
    func describes(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(Self.shop)
            let address = try await kubectl.value(".spec.clusterIP", of: "svc", "shop")
            let text = try await kubectl.run("describe", "svc", "shop")
            let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
            for line in [
                "Selector: app=shop", "Type: LoadBalancer", "IP: \(address)", "Port: http 80/TCP",
                "TargetPort: 8080/TCP", "NodePort: http 30080/TCP", "Endpoints: 10.1.0.1:8080",
                "Session Affinity: None", "External Traffic Policy: Cluster",
            ] {
                #expect(lines.contains(line), "\(line) in\n\(text)")
            }
        }
    }
}
