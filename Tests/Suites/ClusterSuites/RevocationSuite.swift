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

    private struct Denial {
        let name: String
        let objects: [JSONValue]

        init(_ name: String, _ objects: JSONValue...) {
            self.name = name
            self.objects = objects
        }
    }

    /// What denies front to reach shop, in each tier and as zones.
    private static func denials() -> [Denial] {
        [
            Denial("NetworkPolicy", SuiteLab.policy("deny", spec: ["podSelector": [:], "policyTypes": ["Ingress"]])),
            Denial("AdminNetworkPolicy", v1alpha1("AdminNetworkPolicy", "deny", ["priority": 7])),
            Denial("BaselineAdminNetworkPolicy", v1alpha1("BaselineAdminNetworkPolicy", "default", [:])),
            Denial("ClusterNetworkPolicy, Admin", v1alpha2("Admin")),
            Denial("ClusterNetworkPolicy, Baseline", v1alpha2("Baseline")),
            Denial("Zones", zone("dmz", 0, of: "front"), zone("app", 1, of: "shop")),
        ]
    }

    @Test("policies of every tier and zones end a stream and a flow of datagrams, on one node and across two")
    func tiers() async throws {
        try await SuiteLab.with(objects: Self.pods) { lab in
            for denial in Self.denials() {
                for place in ["shop/near", "shop/far"] { try await expect(denial, toCut: place, lab) }
            }
        }
    }

    private func expect(_ denial: Denial, toCut place: String, _ lab: Lab) async throws {
        let client = try await lab.namespace(of: "front/client")
        let target = SocketAddress(try await address(of: place, lab), port: 8080)
        try await eventually("\(place) is open before \(denial.name)") { try connects(client, target) }
        let stream = try EchoConversation(from: client, to: target)
        let datagrams = try DatagramConversation(from: client, to: target)
        let isOpen = try (stream.echoes("open"), datagrams.answers())
        #expect(isOpen == (true, true))
        try await lab.apply(denial.objects)
        try await eventually("\(denial.name) ends the stream to \(place)", within: .seconds(5)) {
            try !stream.echoes("still there?", within: .milliseconds(200))
        }
        try await eventually("\(denial.name) ends the datagrams to \(place)", within: .seconds(5)) {
            try !datagrams.answers(within: .milliseconds(200))
        }
        try await lab.delete(denial.objects)
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

    private func connects(_ namespace: NamespaceReference, _ target: SocketAddress) throws -> Bool {
        try TestSupport.Probe.connect(from: namespace, to: target, timeout: .milliseconds(400)) == .connected
    }

    private func address(of pod: String, _ lab: Lab) async throws -> IPAddress {
        let found = try await lab.snapshot().pods.first { $0.key.description == pod }?.addressTexts.first
        return try #require(found.flatMap { IPAddress($0) })
    }
}
