import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("A change that denies ends what is connected, TCP and UDP", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct RevocationSuite {
    private static let pods = [
        pod("client", in: "front", node: "node-1"), pod("near", in: "shop", node: "node-1"),
        pod("far", in: "shop", node: "node-2"),
    ]

    /// What denies front to reach shop, in each tier and as zones.
    private static let denials: [String: [JSONValue]] = [
        "NetworkPolicy": [SuiteLab.policy("deny", spec: ["podSelector": [:], "policyTypes": ["Ingress"]])],
        "AdminNetworkPolicy": [v1alpha1("AdminNetworkPolicy", "deny", ["priority": 7])],
        "BaselineAdminNetworkPolicy": [v1alpha1("BaselineAdminNetworkPolicy", "default", [:])],
        "ClusterNetworkPolicy of tier Admin": [v1alpha2("Admin")],
        "ClusterNetworkPolicy of tier Baseline": [v1alpha2("Baseline")],
        "Zone": [zone("dmz", 0, of: "front"), zone("app", 1, of: "shop")],
    ]

    @Test(
        "policies of every tier and zones end a stream and a flow of datagrams, on one node and across two",
        arguments: denials.keys.sorted())
    func denied(by kind: String) async throws {
        let objects = try #require(Self.denials[kind])
        try await SuiteLab.with(objects: Self.pods) { lab in
            let client = try await lab.namespace(of: "front/client")
            let near = SocketAddress(try await SuiteLab.address(of: "shop/near", lab), port: 8080)
            let far = SocketAddress(try await SuiteLab.address(of: "shop/far", lab), port: 8080)
            let streams = [
                try EchoConversation(from: client, to: near), try EchoConversation(from: client, to: far),
            ]
            let datagrams = [
                try DatagramConversation(from: client, to: near), try DatagramConversation(from: client, to: far),
            ]
            for stream in streams { #expect(try stream.echoes("open")) }
            for flow in datagrams { #expect(try flow.answers()) }
            try await lab.apply(objects)
            try await eventually("both streams are cut", within: .seconds(5)) {
                try streams.allSatisfy { try !$0.echoes("still there?", within: .milliseconds(200)) }
            }
            try await eventually("no datagram is answered", within: .seconds(5)) {
                try datagrams.allSatisfy { try !$0.answers(within: .milliseconds(200)) }
            }
        }
    }

    private static func pod(_ name: String, in namespace: String, node: String) -> JSONValue {
        let ports: JSONValue = [["containerPort": 8080], ["containerPort": 8080, "protocol": "UDP"]]
        return [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "namespace": .string(namespace), "labels": ["app": .string(name)]],
            "spec": ["nodeName": .string(node), "containers": [["name": "main", "ports": ports]]],
        ]
    }

    private static func named(_ namespace: String) -> JSONValue {
        ["matchLabels": ["kubernetes.io/metadata.name": .string(namespace)]]
    }

    private static func v1alpha1(_ kind: String, _ name: String, _ more: [String: JSONValue]) -> JSONValue {
        let spec: [String: JSONValue] = [
            "subject": ["namespaces": named("shop")],
            "ingress": [["action": "Deny", "from": [["namespaces": named("front")]]]],
        ]
        return [
            "apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": .string(kind),
            "metadata": ["name": .string(name)], "spec": .object(spec.merging(more) { _, new in new }),
        ]
    }

    private static func v1alpha2(_ tier: String) -> JSONValue {
        [
            "apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy",
            "metadata": ["name": "deny"],
            "spec": [
                "tier": .string(tier), "priority": 7, "subject": ["namespaces": named("shop")],
                "ingress": [["action": "Deny", "from": [["namespaces": named("front")]]]],
            ],
        ]
    }

    private static func zone(_ name: String, _ order: Int, of namespace: String) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "Zone", "metadata": ["name": .string(name)],
            "spec": ["order": .int(Int64(order)), "namespaceSelector": named(namespace)],
        ]
    }
}
