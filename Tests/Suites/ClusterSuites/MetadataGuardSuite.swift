import ClusterAPI
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Cloud metadata on real packets", .requiresRoot, .serialized, .timeLimit(.minutes(3)))
struct MetadataGuardSuite {
    private static let addresses = ["169.254.169.254", "fd00:ec2::254"].compactMap { IPAddress($0) }

    private static func topology() -> LabTopology {
        var topology = LabTopology.standard(ipv6: true)
        topology.outside = [LabTopology.OutsideHost(name: "cloud", addresses: addresses)]
        return topology
    }

    private static func access(to app: String) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "MetadataAccess", "metadata": ["name": "agents"],
            "spec": [
                "subject": [
                    "pods": [
                        "namespaceSelector": [:], "podSelector": ["matchLabels": ["app": .string(app)]],
                    ]
                ]
            ],
        ]
    }

    @Test("pods are kept from it until an object selects them, and again when it goes: open connections end")
    func closedAndOpened() async throws {
        let objects = [SuiteLab.pod("agent", node: "node-1"), SuiteLab.pod("app", node: "node-1")]
        try await SuiteLab.with(Self.topology(), objects: objects) { lab in
            let agent = try await lab.namespace(of: "shop/agent")
            let app = try await lab.namespace(of: "shop/app")
            for address in Self.addresses {
                #expect(
                    try !SuiteLab.connects(agent, address) && !SuiteLab.connects(app, address), "\(address) is open")
            }
            try await lab.apply([Self.access(to: "agent")])
            for address in Self.addresses {
                try await eventually("\(address) opens to the agent") { try SuiteLab.connects(agent, address) }
                #expect(try !SuiteLab.connects(app, address), "\(address) is open to others")
            }
            let stream = try EchoConversation(from: agent, to: SocketAddress(Self.addresses[0], port: 8080))
            #expect(try stream.echoes("before"))
            try await lab.delete([Self.access(to: "agent")])
            try await eventually("the stream is cut") { try !stream.echoes("after") }
            #expect(try !SuiteLab.connects(agent, Self.addresses[0]))
        }
    }
}
