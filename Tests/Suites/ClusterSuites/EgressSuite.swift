import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import ManifestFiles
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import TestSupport
import Testing

@Suite("Egress firewalls on real packets", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct EgressSuite {
    private static let outside = [
        ("partner", "198.51.100.10", "2001:db8:100::10"), ("spare", "198.51.100.200", "2001:db8:100::200"),
        ("internet", "203.0.113.10", "2001:db8:113::10"), ("tool", "203.0.113.20", "2001:db8:113::20"),
    ]

    private static func topology() -> LabTopology {
        var topology = LabTopology.standard(ipv6: true)
        topology.outside = outside.map { name, v4, v6 in
            LabTopology.OutsideHost(name: name, addresses: [v4, v6].compactMap { IPAddress($0) })
        }
        return topology
    }

    private static func firewall(in namespace: String, name: String = "default", _ rules: [JSONValue]) -> JSONValue {
        [
            "apiVersion": "k8s.ovn.org/v1", "kind": "EgressFirewall",
            "metadata": ["name": .string(name), "namespace": .string(namespace)], "spec": ["egress": .array(rules)],
        ]
    }

    private static func rule(_ type: String, _ cidr: String) -> JSONValue {
        ["type": .string(type), "to": ["cidrSelector": .string(cidr)]]
    }

    /// Every pod to every outside host, node and pod, on two ports and without one.
    private func compare(_ lab: Lab) async throws -> [Verification] {
        let snapshot = try await lab.snapshot()
        let pods = snapshot.pods.map { Party.pod($0.key) }
        let hosts = Self.outside.flatMap { [$0.1, $0.2] } + snapshot.nodes.flatMap(\.internalAddressTexts)
        let targets = pods + hosts.compactMap { IPAddress($0) }.map(Party.address)
        let flows = pods.flatMap { pod in
            targets.filter { $0 != pod }.flatMap { target in
                [
                    Flow(from: pod, to: target, transport: .tcp, port: 8080),
                    Flow(from: pod, to: target, transport: .tcp, port: 443),
                    Flow(from: pod, to: target, transport: .icmp, port: nil),
                ]
            }
        }
        let answers = try await lab.verify(flows, snapshot, prober: Prober(timeout: .milliseconds(600)))
        let different = answers.filter { $0.differs }
        #expect(different.isEmpty, "\(different.map(\.judgement.asked))")
        return answers
    }

    @Test("the three examples do what they say, between all pods, nodes and hosts, as the engine says")
    func examples() async throws {
        let files = ["1-hosts-outside-but-not-the-internet", "2-the-internet-but-not-the-hosts-outside", "3-not-these"]
        let policies = try files.flatMap { try Self.objects(in: "examples/egress/\($0).yaml") }
        let pods = ["partners", "web", "tools"].map {
            SuiteLab.pod("client", in: $0, node: "node-1", ports: [8080, 443])
        }
        let free = SuiteLab.pod("free", in: "others", node: "node-2", ports: [8080, 443])
        try await SuiteLab.with(Self.topology(), objects: pods + [free] + policies) { lab in
            let answers = try await compare(lab)
            func allowed(_ namespace: String, _ host: String, _ port: UInt16) -> Bool? {
                let answer = answers.first { answer in
                    let asked = answer.judgement.asked
                    return asked.port == port && "\(asked.from)" == "\(namespace)/client" && "\(asked.to)" == host
                }
                return answer?.answer.isAllowed
            }
            let expected: [(String, String, UInt16, Bool)] = [
                ("partners", "198.51.100.10", 443, true), ("partners", "203.0.113.10", 443, false),
                ("partners", "2001:db8:113::10", 443, false), ("web", "203.0.113.10", 443, true),
                ("web", "198.51.100.10", 443, false), ("web", "2001:db8:113::10", 443, true),
                ("tools", "203.0.113.20", 443, true), ("tools", "203.0.113.20", 8080, false),
                ("tools", "198.51.100.200", 443, false), ("tools", "198.51.100.10", 443, true),
            ]
            for (namespace, host, port, isAllowed) in expected {
                #expect(allowed(namespace, host, port) == isAllowed, "\(namespace) to \(host) \(port)")
            }
        }
    }

    @Test("no way leads round by a service, two objects close the namespace, and a new Deny ends what goes on")
    func evasions() async throws {
        let service: [JSONValue] = [
            [
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": "away", "namespace": "shop"],
                "spec": ["clusterIP": "172.30.0.77", "ports": [["port": 80, "targetPort": 8080]]],
            ],
            [
                "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                "metadata": [
                    "name": "away-1", "namespace": "shop", "labels": ["kubernetes.io/service-name": "away"],
                ],
                "endpoints": [["addresses": ["203.0.113.10"]]], "ports": [["name": "", "port": 8080]],
            ],
        ]
        let objects = [SuiteLab.pod("client", node: "node-1"), SuiteLab.pod("server", node: "node-2")] + service
        try await SuiteLab.with(Self.topology(), objects: objects) { lab in
            let client = try await lab.namespace(of: "shop/client")
            let away = try #require(IPAddress("172.30.0.77"))
            let direct = try #require(IPAddress("203.0.113.10"))
            try await eventually("the service leads outside") { try SuiteLab.connects(client, away, 80) }
            let stream = try EchoConversation(from: client, to: SocketAddress(direct, port: 8080))
            #expect(try stream.echoes("before"))
            try await lab.apply([Self.firewall(in: "shop", [Self.rule("Deny", "203.0.113.0/24")])])
            try await eventually("the stream is cut") { try !stream.echoes("after") }
            try await eventually("the host is closed") { try !SuiteLab.connects(client, direct) }
            #expect(try !SuiteLab.connects(client, away, 80), "the service leads around the firewall")
            try await lab.apply([Self.firewall(in: "shop", [Self.rule("Allow", "0.0.0.0/0")])])
            try await eventually("the host is open") { try SuiteLab.connects(client, direct) }
            let second: JSONValue = [
                "apiVersion": "network.openshift.io/v1", "kind": "EgressNetworkPolicy",
                "metadata": ["name": "second", "namespace": "shop"],
                "spec": ["egress": [Self.rule("Allow", "0.0.0.0/0")]],
            ]
            try await lab.apply([second])
            try await eventually("the namespace is closed") { try !SuiteLab.connects(client, direct) }
            _ = try await compare(lab)
            try await eventually("its status says so", within: .seconds(20)) {
                let firewall = try await lab.withClient { try await $0.get(EgressFirewall.self, "default", in: "shop") }
                return firewall.status?.status == "EgressFirewall Rules not correctly applied"
                    && firewall.status?.messages?.contains { $0.contains("EgressNetworkPolicy shop/second") } == true
            }
            try await lab.delete([second])
            try await eventually("its status says that it holds", within: .seconds(20)) {
                let firewall = try await lab.withClient { try await $0.get(EgressFirewall.self, "default", in: "shop") }
                return firewall.status?.status == "EgressFirewall Rules applied"
            }
            try await eventually("the host is open again") { try SuiteLab.connects(client, direct) }
        }
    }

    private static func objects(in path: String) throws -> [JSONValue] {
        let checkout = (0..<4).reduce(URL(filePath: #filePath)) { path, _ in path.deletingLastPathComponent() }
        return try ManifestReader.parse(Data(contentsOf: checkout.appending(path: path)), file: path).map(\.value)
    }
}
