import ClusterAPI
import EnvoyConfig
import EnvoyDriver
import Foundation
import GatewayCompiler
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// EgressGateways in a real Envoy, on real sockets.
@Suite("A gateway in Envoy", .requiresRoot, .serialized, .timeLimit(.minutes(3)))
struct GatewayTests {
    private static func redirect(_ port: Int, to address: String, udp: Bool = false) -> EgressGatewayPort {
        EgressGatewayPort(
            port, protocol: udp ? "UDP" : nil, redirect: EgressRedirect(address: address, port: 8443))
    }

    private static func connect(_ port: Int, _ rules: EgressConnectRule...) -> EgressGatewayPort {
        EgressGatewayPort(port, connect: EgressConnect(allow: rules))
    }

    private static func withNetwork(
        maximumConnections: Int = EnvoyDriver.maximumConnections, _ body: (GatewayNetwork) async throws -> Void
    ) async throws {
        let network = try GatewayNetwork(maximumConnections: maximumConnections)
        try await network.settle()
        do {
            try await body(network)
        } catch {
            try await network.envoy.end()
            throw error
        }
        try await network.envoy.end()
    }

    @Test("a port leads to its address, by TCP and UDP; a new address takes new connections, and open ones go on")
    func redirects() async throws {
        try await Self.withNetwork { network in
            try await network.apply([
                Self.redirect(443, to: "203.0.113.10"), Self.redirect(514, to: "203.0.113.10", udp: true),
            ])
            let early = try network.open(443)
            #expect(try early.say("one\n") == "203.0.113.10 one\n")
            #expect(try network.udp(514) == "203.0.113.10 x")
            let pid = network.envoy.pid

            try await network.apply([
                Self.redirect(443, to: "203.0.113.11"), Self.redirect(514, to: "203.0.113.11", udp: true),
                Self.redirect(444, to: "203.0.113.11"),
            ])
            #expect(try early.say("two\n") == "203.0.113.10 two\n")
            #expect(try network.open(443).say("three\n") == "203.0.113.11 three\n")
            #expect(try network.udp(514) == "203.0.113.11 x")

            try await network.apply([Self.redirect(444, to: "203.0.113.11")])
            #expect(try early.say("four\n") == "203.0.113.10 four\n")
            #expect(throws: SystemError.self) { try network.open(443) }
            #expect(network.envoy.pid == pid)
        }
    }

    @Test("a name is looked up, and followed as it changes, while open connections go on")
    func names() async throws {
        try await Self.withNetwork { network in
            try network.setNames(["203.0.113.10 db.partner.example"])
            try await network.apply([
                EgressGatewayPort(5432, redirect: EgressRedirect(host: "db.partner.example", port: 8443))
            ])
            try await eventually { try network.open(5432).say("a\n") == "203.0.113.10 a\n" }
            let early = try network.open(5432)
            #expect(try early.say("b\n") == "203.0.113.10 b\n")
            try network.setNames(["203.0.113.11 db.partner.example"])
            try await eventually { try network.open(5432).say("c\n") == "203.0.113.11 c\n" }
            #expect(try early.say("d\n") == "203.0.113.10 d\n")
        }
    }

    @Test("CONNECT reaches what is allowed, and everything else gets 403 and is counted")
    func connects() async throws {
        try await Self.withNetwork { network in
            try network.setNames([
                "203.0.113.10 a.example.com", "203.0.113.10 b.a.example.com", "203.0.113.10 evil.example.org",
                "203.0.113.10 exampleXcom.example.com",
            ])
            try await network.apply([
                Self.connect(
                    3128, EgressConnectRule(host: "*.example.com", ports: [443]),
                    EgressConnectRule(
                        host: "**." + String(repeating: "abcdefghi.", count: 24) + "example", ports: [65_535]),
                    EgressConnectRule(cidr: "203.0.113.8/30", ports: [8443]))
            ])
            let tunnel = try network.open(3128)
            #expect(try tunnel.connect("a.example.com:443") == "200")
            #expect(try tunnel.say("one\n") == "203.0.113.10 one\n")
            for (authority, status) in [
                ("A.Example.COM:443", "200"), ("203.0.113.10:8443", "200"), ("b.a.example.com:443", "403"),
                ("example.com:443", "403"), ("a.example.com:8443", "403"), ("evil.example.org:443", "403"),
                ("a.example.com.evil.example.org:443", "403"), ("203.0.113.10:443", "403"),
                ("203.0.113.53:8443", "403"),
                ("127.0.0.1:8443", "503"), ("[::1]:8443", "403"), ("2130706433:443", "403"), ("localhost:443", "403"),
                ("unknown.example.com:443", "503"),
            ] {
                #expect(try network.open(3128).connect(authority) == status, "\(authority)")
            }
            let plain = try network.open(3128).say("GET http://a.example.com/ HTTP/1.1\r\nHost: a.example.com\r\n\r\n")
            #expect(plain.hasPrefix("HTTP/1.1 403"), "\(plain)")
            let denied = try await network.envoy.counters(matching: "rbac\\.denied")["http.tcp-3128.rbac.denied"]
            #expect(denied == 11)

            try await network.apply([Self.connect(3128, EgressConnectRule(host: "b.a.example.com", ports: [443]))])
            try await eventually { try network.open(3128).connect("b.a.example.com:443") == "200" }
            #expect(try network.open(3128).connect("a.example.com:443") == "403")
            #expect(try tunnel.say("two\n") == "203.0.113.10 two\n")
        }
    }

    @Test("what is accepted and reaches nothing is counted, by port")
    func failures() async throws {
        try await Self.withNetwork { network in
            try await network.apply([
                EgressGatewayPort(443, redirect: EgressRedirect(address: "203.0.113.10", port: 1)),
                EgressGatewayPort(444, redirect: EgressRedirect(host: "unknown.example.com", port: 8443)),
                Self.connect(3128, EgressConnectRule(host: "*.example.com", ports: [443])),
            ])
            for port: UInt16 in [443, 444] { #expect(try !Self.answers(network, port), "port \(port)") }
            #expect(try network.open(3128).connect("unknown.example.com:443") == "503")
            let counters = try await network.envoy.counters(matching: "upstream_cx_|_5xx")
            for counter in [
                "cluster.tcp-443.upstream_cx_connect_attempts_exceeded", "cluster.tcp-444.upstream_cx_none_healthy",
                "http.tcp-3128.downstream_rq_5xx",
            ] {
                #expect(counters[counter] == 1, "\(counter)")
            }
        }
    }

    @Test("connections beyond what a pod may have are refused and counted, and the others go on")
    func overflow() async throws {
        try await Self.withNetwork(maximumConnections: 2) { network in
            try await network.apply([Self.redirect(443, to: "203.0.113.10")])
            let open = try (0..<2).map { _ in try network.open(443) }
            for conversation in open { #expect(try conversation.say("x\n") == "203.0.113.10 x\n") }
            #expect(try !Self.answers(network, 443))
            for conversation in open { #expect(try conversation.say("y\n") == "203.0.113.10 y\n") }
            let counters = try await network.envoy.counters(matching: "downstream_global_cx_overflow$")
            #expect(counters["listener.\(GatewayNetwork.pod)_443.downstream_global_cx_overflow"] == 1, "\(counters)")
        }
    }

    /// Whether a connection is answered before it is closed.
    private static func answers(_ network: GatewayNetwork, _ port: UInt16) throws -> Bool {
        do {
            return try !network.open(port).say("one\n").isEmpty
        } catch is SystemError {
            return false
        }
    }

    @Test(
        "an allowed name that stands for the pod itself, private networks or metadata opens nothing, beside a true address either",
        arguments: [["127.0.0.1"], ["192.168.7.7"], ["169.254.169.254"], ["203.0.113.53", "127.0.0.1"]])
    func rebinding(addresses: [String]) async throws {
        try await Self.withNetwork { network in
            try network.setNames(addresses.map { "\($0) inner.example.com" })
            try await network.apply([Self.connect(3128, EgressConnectRule(host: "*.example.com", ports: [443]))])
            for _ in 0..<3 { #expect(try network.open(3128).connect("inner.example.com:443") == "503") }
        }
    }

    @Test(
        "a name of a redirect that stands for loopback meets nothing: neither Envoy's ports nor its administrator are there"
    )
    func loopback() async throws {
        try await Self.withNetwork { network in
            let listening = try network.inside.run("/usr/bin/ss", "-H", "-l", "-t", "-n", "-p")
            #expect(!listening.contains("envoy"))
            try await network.apply([Self.redirect(443, to: "203.0.113.10")])
            let lines = try network.inside.run("/usr/bin/ss", "-H", "-l", "-t", "-n", "-p").split(separator: "\n")
                .filter { $0.contains("envoy") }
            #expect(!lines.isEmpty && lines.allSatisfy { $0.contains("192.0.2.1:443 ") }, "\(lines)")
        }
    }

    @Test("Envoy that is killed does the same again when it is started")
    func kill() async throws {
        try await Self.withNetwork { network in
            try await network.apply([Self.redirect(443, to: "203.0.113.10")])
            let pid = try #require(network.envoy.pid)
            try ProcessHandle(pid: pid).send(.kill)
            try await eventually { !network.envoy.isRunning }
            try network.envoy.start()
            // At once: it does not answer its administrator yet.
            try await network.apply([Self.redirect(443, to: "203.0.113.10")])
            try await eventually { (try? network.open(443).say("x\n")) == "203.0.113.10 x\n" }
            #expect(network.envoy.pid != pid)
        }
    }

    /// Two listeners of one name, which Envoy finds only when it serves them.
    private static func refused() throws -> EnvoyResources {
        let pod = try #require(IPAddress(GatewayNetwork.pod))
        let listener = EnvoyResources.Listener(
            name: EnvoyName(.tcp, 443), addresses: [pod], port: 443, service: .tcp(cluster: EnvoyName(.tcp, 1)))
        return EnvoyResources(listeners: [listener, listener])
    }

    @Test("what Envoy refuses changes nothing that runs, and is served by no fresh Envoy, not even in part")
    func broken() async throws {
        try await Self.withNetwork { network in
            await #expect(throws: EnvoyError.self) { try await network.envoy.apply(try Self.refused()) }
            #expect(!network.envoy.isRunning)
            try await network.apply([Self.redirect(443, to: "203.0.113.10")])
            await #expect(throws: EnvoyError.self) { try await network.envoy.apply(try Self.refused()) }
            #expect(try network.open(443).say("x\n") == "203.0.113.10 x\n")
        }
    }

    @Test("another instance of us finds the Envoy that runs, and changes it")
    func takeover() async throws {
        try await Self.withNetwork { network in
            try await network.apply([Self.redirect(443, to: "203.0.113.10")])
            let early = try network.open(443)
            let next = try network.successor()
            #expect(next.pid == network.envoy.pid)
            let gateway = EgressGateway(
                ObjectKey(namespace: "shop", name: "bank"),
                spec: EgressGatewaySpec(ports: [Self.redirect(443, to: "203.0.113.11")]))
            let pod = try #require(IPAddress(GatewayNetwork.pod))
            try await next.apply(try GatewayCompiler.compile(gateway, at: [pod]))
            #expect(try network.open(443).say("x\n") == "203.0.113.11 x\n")
            #expect(try early.say("y\n") == "203.0.113.10 y\n")
        }
    }
}
