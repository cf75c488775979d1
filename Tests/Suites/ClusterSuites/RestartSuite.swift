import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import TestSupport
import Testing

@Suite("Restarts and kills cost no packet and open no door", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct RestartSuite {
    static let pods = [
        SuiteLab.pod("client", node: "node-1"), SuiteLab.pod("stranger", node: "node-2"),
        SuiteLab.pod("server", node: "node-2"),
    ]
    static let onlyClient = SuiteLab.policy(
        "only-client",
        spec: [
            "podSelector": ["matchLabels": ["app": "server"]],
            "ingress": [["from": [["podSelector": ["matchLabels": ["app": "client"]]]]]],
        ])

    @Test("a TCP stream survives kill -9 of both agents and their restart, and policy stays enforced meanwhile")
    func agentKilled() async throws {
        try await SuiteLab.with(objects: Self.pods + [Self.onlyClient]) { lab in
            let server = try await SuiteLab.address(of: "shop/server", lab)
            let client = try await lab.namespace(of: "shop/client")
            let stranger = try await lab.namespace(of: "shop/stranger")
            try await eventually("the policy is in force") { try !SuiteLab.connects(stranger, server) }
            let stream = try EchoConversation(from: client, to: SocketAddress(server, port: 8080))
            #expect(try stream.echoes("before"))
            for node in ["node-1", "node-2"] {
                let agent = try SuiteLab.process("agent-\(node)", of: lab)
                try agent.send(.kill)
                // The supervisor starts it again; all the time until then, and after, packets and policy are watched.
                try await eventually("the agent of \(node) is a new process", within: .seconds(20)) {
                    () async throws -> Bool in
                    #expect(try stream.echoes("meanwhile"))
                    #expect(try !SuiteLab.connects(stranger, server), "the stranger got in while the agent was dead")
                    let now = try? SuiteLab.process("agent-\(node)", of: lab)
                    return now.map { $0.pid != agent.pid } ?? false
                }
            }
            for _ in 0..<10 {
                #expect(try stream.echoes("after"))
                #expect(try !SuiteLab.connects(stranger, server), "the stranger got in after the restart")
                #expect(try SuiteLab.connects(client, server))
            }
        }
    }

    @Test("the API server killed and started again: nothing acknowledged is lost, and later changes arrive")
    func apiServerKilled() async throws {
        try await SuiteLab.with(objects: Self.pods) { lab in
            let server = try await SuiteLab.address(of: "shop/server", lab)
            let stranger = try await lab.namespace(of: "shop/stranger")
            #expect(try SuiteLab.connects(stranger, server))
            try await lab.apply([Self.onlyClient])
            let process = try SuiteLab.process("apiserver", of: lab)
            try process.send(.kill)
            try await eventually("the API server is a new process", within: .seconds(20)) {
                () async throws -> Bool in
                let now = try? SuiteLab.process("apiserver", of: lab)
                return now.map { $0.pid != process.pid } ?? false
            }
            try await eventually("the acknowledged policy is there and in force", within: .seconds(20)) {
                () async throws -> Bool in
                let policies = try? await lab.snapshot().policies
                return try policies?.count == 1 && !SuiteLab.connects(stranger, server)
            }
            try await lab.delete([Self.onlyClient])
            try await eventually("a change after the restart arrives") { try SuiteLab.connects(stranger, server) }
        }
    }

    @Test("a new deny ends an established connection, in both directions")
    func revocation() async throws {
        try await SuiteLab.with(objects: Self.pods) { lab in
            let server = try await SuiteLab.address(of: "shop/server", lab)
            for place in ["shop/client", "shop/stranger"] {
                let stream = try EchoConversation(
                    from: try await lab.namespace(of: place), to: SocketAddress(server, port: 8080))
                #expect(try stream.echoes("open"))
                let deny = SuiteLab.policy(
                    "deny", spec: ["podSelector": ["matchLabels": ["app": "server"]], "policyTypes": ["Ingress"]])
                try await lab.apply([deny])
                try await eventually("the stream from \(place) is cut") {
                    try !stream.echoes("still there?", within: .milliseconds(300))
                }
                try await lab.delete([deny])
                try await eventually("new connections pass again") {
                    try SuiteLab.connects(try await lab.namespace(of: place), server)
                }
            }
        }
    }

    @Test("a new Deny of the admin tier ends an established connection, and a Pass leaves it to NetworkPolicy")
    func adminRevocation() async throws {
        try await SuiteLab.with(objects: Self.pods + [Self.onlyClient]) { lab in
            let server = try await SuiteLab.address(of: "shop/server", lab)
            let client = try await lab.namespace(of: "shop/client")
            let stream = try EchoConversation(from: client, to: SocketAddress(server, port: 8080))
            #expect(try stream.echoes("open"))
            try await lab.apply([Self.admin("Pass")])
            try await eventually("the policy is in force") {
                try !SuiteLab.connects(try await lab.namespace(of: "shop/stranger"), server)
            }
            #expect(try stream.echoes("passed"))
            try await lab.apply([Self.admin("Deny")])
            try await eventually("the stream is cut") {
                try !stream.echoes("still there?", within: .milliseconds(300))
            }
            try await lab.apply([Self.admin("Allow")])
            try await eventually("an Allow is above NetworkPolicy") {
                try SuiteLab.connects(try await lab.namespace(of: "shop/stranger"), server)
            }
        }
    }

    private static func admin(_ action: String) -> JSONValue {
        [
            "apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy",
            "metadata": ["name": "guard"],
            "spec": [
                "priority": 1, "subject": ["namespaces": [:]],
                "ingress": [["action": .string(action), "from": [["namespaces": [:]]]]],
            ],
        ]
    }
}
