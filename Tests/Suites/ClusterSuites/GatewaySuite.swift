import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import ManifestFiles
import NetworkTypes
import TestSupport
import Testing

@Suite("Egress gateways in a cluster", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct GatewaySuite {
    private static func topology() -> LabTopology {
        var topology = LabTopology.standard(nodes: 2)
        topology.outside = [("bank", "203.0.113.10"), ("other", "203.0.113.20")].map { name, address in
            LabTopology.OutsideHost(
                name: name, addresses: [address].compactMap { IPAddress($0) }, ports: ["tcp/8443", "udp/514"])
        }
        return topology
    }

    private static func ports(_ address: String) -> JSONValue {
        [
            ["port": 443, "redirect": ["address": .string(address), "port": 8443]],
            ["port": 514, "protocol": "UDP", "redirect": ["address": .string(address), "port": 514]],
            ["port": 3128, "connect": ["allow": [["cidr": "203.0.113.0/28", "ports": [8443]]]]],
        ]
    }

    private static let gateway: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "EgressGateway", "metadata": ["name": "bank", "namespace": "shop"],
        "spec": ["ports": ports("203.0.113.10")],
    ]

    private static let service: JSONValue = [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "bank", "namespace": "shop"],
        "spec": [
            "selector": ["gabion.io/egress-gateway": "bank"], "clusterIP": "172.30.0.77",
            "ports": [
                ["name": "bank", "port": 443], ["name": "log", "port": 514, "protocol": "UDP"],
                ["name": "proxy", "port": 3128],
            ],
        ],
    ]

    private static func gatewayPod(_ name: String, on node: String) -> JSONValue {
        SuiteLab.pod(
            name, labels: [EgressGateway.podLabel: "bank"], node: node,
            more: [
                "containers": [
                    [
                        "name": "gateway", "command": ["gabion", "gateway", "--name", "bank"],
                        "readinessProbe": ["tcpSocket": ["port": 443]],
                    ]
                ]
            ])
    }

    /// The clients may reach the gateway and nothing else; the gateway's pods everything, from the clients.
    private static let policies = [
        SuiteLab.policy(
            "clients",
            spec: [
                "podSelector": ["matchLabels": ["app": "client"]], "policyTypes": ["Egress"],
                "egress": [["to": [["podSelector": ["matchLabels": ["gabion.io/egress-gateway": "bank"]]]]]],
            ]),
        SuiteLab.policy(
            "gateway",
            spec: [
                "podSelector": ["matchLabels": ["gabion.io/egress-gateway": "bank"]], "policyTypes": ["Ingress"],
                "ingress": [["from": [["podSelector": ["matchLabels": ["app": "client"]]]]]],
            ]),
    ]

    private static func connect(
        _ lab: Lab, from place: String, to address: String, _ port: UInt16
    ) async throws -> TestSupport.Probe.Outcome {
        let target = SocketAddress(try #require(IPAddress(address)), port: port)
        return try TestSupport.Probe.connect(from: try await lab.namespace(of: place), to: target)
    }

    /// What curl says of a CONNECT through the Service.
    private static func proxied(_ lab: Lab, to authority: String) async throws -> String {
        try await SuiteLab.run(
            [
                "/bin/sh", "-c",
                "curl -s -m 5 -o /dev/null -w '%{http_connect}' -p -x http://172.30.0.77:3128 http://\(authority)/ || true",
            ], at: "shop/client", of: lab)
    }

    private static func status(_ lab: Lab) async throws -> EgressGatewayStatus? {
        try await lab.withClient { try await $0.get(EgressGateway.self, "bank", in: "shop").status }
    }

    @Test(
        "pods reach outside through the gateway's Service and not beside it; policies judge the gateway; its status says who serves"
    )
    func throughTheService() async throws {
        let pods = [
            SuiteLab.pod("client", node: "node-1"), SuiteLab.pod("stranger", node: "node-1"),
            Self.gatewayPod("bank-1", on: "node-1"), Self.gatewayPod("bank-2", on: "node-2"),
        ]
        let objects = [Self.gateway, Self.service] + Self.policies + pods
        try await SuiteLab.with(Self.topology(), objects: objects) { lab in
            #expect(try await Self.connect(lab, from: "shop/client", to: "203.0.113.10", 8443) == .timedOut)
            try await eventually("the gateway is reached", within: .seconds(20)) {
                try await Self.connect(lab, from: "shop/client", to: "172.30.0.77", 443) == .connected
            }
            #expect(try await Self.connect(lab, from: "shop/stranger", to: "172.30.0.77", 443) == .timedOut)
            #expect(try await Self.proxied(lab, to: "203.0.113.10:8443") == "200")
            #expect(try await Self.proxied(lab, to: "203.0.113.20:8443") == "403")
            #expect(try await Self.proxied(lab, to: "10.128.0.1:8443") == "503")
            try await eventually("both pods say that they serve", within: .seconds(10)) {
                let status = try await Self.status(lab)
                return status?.gateways?.map(\.pod) == ["bank-1", "bank-2"]
                    && status?.gateways?.allSatisfy(\.ready) == true && status?.conditions?.first?.status == "True"
            }
            try await change(lab)
            try await killed(lab)
        }
    }

    /// A new destination takes new connections; those that are open go on.
    private func change(_ lab: Lab) async throws {
        let client = try await lab.namespace(of: "shop/client")
        let target = SocketAddress(try #require(IPAddress("172.30.0.77")), port: 443)
        let early = try EchoConversation(from: client, to: target)
        #expect(try await Self.greeting(lab)?.hasPrefix("outside/bank ") == true)
        var changed = Self.gateway
        changed["spec"] = ["ports": Self.ports("203.0.113.20")]
        try await lab.apply([changed])
        for _ in 0..<8 {
            try await eventually("the other destination answers", within: .seconds(15)) {
                try await Self.greeting(lab)?.hasPrefix("outside/other ") == true
            }
        }
        #expect(try early.echoes("still here"))
        try await Self.datagrams(lab, "outside/other")
    }

    private static func datagrams(_ lab: Lab, _ name: String) async throws {
        let client = try await lab.namespace(of: "shop/client")
        try await eventually("datagrams reach \(name)", within: .seconds(10)) {
            try await withNetworkNamespace(client) {
                let socket = try Socket(.udp, .v4)
                _ = try socket.send([120], to: SocketAddress(IPAddress(v4: 0xAC1E_004D), port: 514))
                guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(2)),
                    let bytes = try socket.receive()
                else { return false }
                return String(decoding: bytes, as: UTF8.self).hasPrefix(name + " ")
            }
        }
    }

    /// The line that the destination greets with: who it is, and whom it sees.
    private static func greeting(_ lab: Lab) async throws -> String? {
        let client = try await lab.namespace(of: "shop/client")
        return try await withNetworkNamespace(client) {
            let socket = try Socket(.tcp, .v4)
            if try !socket.connect(to: SocketAddress(IPAddress(v4: 0xAC1E_004D), port: 443)) {
                guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(2)),
                    socket.pendingError() == nil
                else { return nil }
            }
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(2)) else { return nil }
            return try socket.receive().map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Envoy that is killed comes back, with what it had.
    private func killed(_ lab: Lab) async throws {
        for name in ["bank-1", "bank-2"] {
            let file = lab.directory.gatewayRun(ObjectKey(namespace: "shop", name: name)) + "/envoy.pid"
            let old = try String(contentsOfFile: file, encoding: .utf8)
            let pid = try #require(Int32(old.filter { !$0.isWhitespace }))
            try ProcessHandle(pid: pid).send(.kill)
            try await eventually("Envoy of \(name) is started again", within: .seconds(10)) {
                try String(contentsOfFile: file, encoding: .utf8) != old
            }
        }
        for _ in 0..<8 {
            try await eventually("both serve again", within: .seconds(10)) {
                try await Self.greeting(lab)?.hasPrefix("outside/other ") == true
            }
        }
    }
}
