import ClusterAPI
import EnvoyConfig
import GatewayCompiler
import NetworkTypes
import Testing

@Suite("What an EgressGateway makes its Envoys do")
struct GatewayCompilerTests {
    private static let pod = [IPAddress("10.128.0.9")].compactMap(\.self)
    private static let both = pod + [IPAddress("fd01::9")].compactMap(\.self)

    private static func compiled(
        _ ports: [EgressGatewayPort], at addresses: [IPAddress] = pod
    ) throws -> EnvoyResources {
        let gateway = EgressGateway(ObjectKey(namespace: "shop", name: "bank"), spec: EgressGatewaySpec(ports: ports))
        return try GatewayCompiler.compile(gateway, at: addresses)
    }

    @Test("a redirect is a listener at the pod's addresses, and a cluster of the same name")
    func redirects() throws {
        let made = try Self.compiled([
            EgressGatewayPort(443, redirect: EgressRedirect(address: "203.0.113.10", port: 8443)),
            EgressGatewayPort(514, protocol: "UDP", redirect: EgressRedirect(host: "log.partner.example", port: 1514)),
        ])
        let tcp = EnvoyName(.tcp, 443)
        let udp = EnvoyName(.udp, 514)
        #expect(
            made.listeners == [
                .init(name: tcp, addresses: Self.pod, port: 443, service: .tcp(cluster: tcp)),
                .init(name: udp, addresses: Self.pod, port: 514, service: .udp(cluster: udp)),
            ])
        let address = try #require(IPAddress("203.0.113.10"))
        let host = try #require(DomainName("log.partner.example"))
        #expect(
            made.clusters == [
                .init(name: tcp, destination: .address(address, port: 8443)),
                .init(name: udp, destination: .host(host, port: 1514, .v4)),
            ])
        #expect(made.routes.isEmpty)
    }

    @Test("a CONNECT port allows what its rules name, each on its ports, and looks up no closed address")
    func connects() throws {
        let made = try Self.compiled(
            [
                EgressGatewayPort(
                    3128,
                    connect: EgressConnect(allow: [
                        EgressConnectRule(host: "*.example.com", ports: [443, 8443]),
                        EgressConnectRule(host: "**.example.org", ports: [443]),
                        EgressConnectRule(host: "www.example.net", ports: [443]),
                        EgressConnectRule(cidr: "198.51.100.0/24", ports: [443]),
                    ]))
            ], at: Self.both)
        let (com, org) = (try #require(DomainName("example.com")), try #require(DomainName("example.org")))
        let net = try #require(DomainName("www.example.net"))
        let range = try #require(CIDR("198.51.100.0/24"))
        #expect(
            made.routes.first?.allowed == [
                .host(HostPattern(com, .oneLabelMore), port: 443), .host(HostPattern(com, .oneLabelMore), port: 8443),
                .host(HostPattern(org, .atLeastOneLabelMore), port: 443), .host(HostPattern(net, .itself), port: 443),
                .range(range, port: 443),
            ])
        guard case .connect(_, let names) = made.listeners.first?.service else {
            Issue.record("\(made.listeners)")
            return
        }
        #expect(names.families == .both)
        #expect(made.clusters.map(\.destination) == [.requested(names)])
        for text in ["127.0.0.1", "169.254.169.254", "10.128.0.9", "::1", "fd01::9", "fe80::1", "::ffff:10.1.1.1"] {
            let address = try #require(IPAddress(text))
            #expect(names.closed.contains { $0.contains(address) }, "\(text)")
        }
        for text in ["198.51.100.7", "2a00:1450::1", "2001:db8::7"] {
            let address = try #require(IPAddress(text))
            #expect(!names.closed.contains { $0.contains(address) }, "\(text)")
        }
    }

    @Test("another destination changes clusters and routes, and no listener: connections that are open go on")
    func keepsListeners() throws {
        func made(_ address: String, _ host: String) throws -> EnvoyResources {
            try Self.compiled([
                EgressGatewayPort(443, redirect: EgressRedirect(address: address, port: 443)),
                EgressGatewayPort(
                    3128, connect: EgressConnect(allow: [EgressConnectRule(host: host, ports: [443])])),
            ])
        }
        let files = EnvoyFiles(directory: "/run/x")
        let (one, two) = (try made("203.0.113.10", "a.example.com"), try made("203.0.113.11", "b.example.com"))
        #expect(files.listenersText(one) == files.listenersText(two))
        #expect(files.clustersText(one) != files.clustersText(two))
        #expect(files.routesText(one) != files.routesText(two))
    }

    @Test("a gateway with one wrong port is not served in part, and the field is named")
    func refuses() {
        let problem = #expect(throws: GatewayProblem.self) {
            try Self.compiled([
                EgressGatewayPort(443, redirect: EgressRedirect(address: "203.0.113.10", port: 8443)),
                EgressGatewayPort(80, redirect: EgressRedirect(address: "169.254.169.254", port: 80)),
            ])
        }
        let text = problem.map { "\($0)" } ?? ""
        #expect(text.hasPrefix(#"spec.ports[1].redirect.address: Invalid value: "169.254.169.254": is in "#), "\(text)")
    }

    @Test("an address of a family that the pod has not is said to be out of reach")
    func families() {
        #expect(throws: GatewayProblem.self) {
            try Self.compiled([EgressGatewayPort(443, redirect: EgressRedirect(address: "2001:db8::7", port: 443))])
        }
    }
}
