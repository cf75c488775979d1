import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Projects in multitenant mode, with real packets", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct TenancySuite {
    private static let annotation = "pod.network.openshift.io/multitenant.change-network"
    private static let pods = [
        SuiteLab.pod("web", in: "red", node: "node-1"), SuiteLab.pod("db", in: "red", node: "node-2"),
        SuiteLab.pod("web", in: "blue", node: "node-2"), SuiteLab.pod("near", in: "blue", node: "node-1"),
        SuiteLab.pod("web", in: "green", node: "node-2"),
    ]

    @Test("projects are separate until one joins another; isolate ends what was connected, and global opens to all")
    func joinIsolateGlobal() async throws {
        try await SuiteLab.with(objects: Self.pods) { lab in
            try await lab.withClient { try await story(lab, $0) }
        }
    }

    private func story(_ lab: Lab, _ client: KubernetesClient) async throws {
        #expect(try await connects("red/web", "blue/web", lab), "the lab begins in mode networkpolicy")
        try await client.patch(
            ClusterNetwork.self, "default",
            with: .merge(["pluginName": "redhat/openshift-ovs-multitenant"]))
        try await eventually("projects are separate") {
            try await connected([("red/web", "blue/web"), ("red/web", "blue/near")], lab) == 0
        }
        #expect(try await connects("red/web", "red/db", lab))
        #expect(try await !connects("blue/web", "red/web", lab))

        try await change("red", "join:blue", client)
        try await eventually("red has joined blue") {
            try await connected([("red/web", "blue/web"), ("blue/near", "red/db")], lab) == 2
        }
        #expect(try await !connects("green/web", "red/web", lab))
        #expect(try await !connects("red/web", "green/web", lab))

        let stream = try EchoConversation(
            from: try await lab.namespace(of: "red/web"),
            to: SocketAddress(try await SuiteLab.address(of: "blue/web", lab), port: 8080))
        #expect(try stream.echoes("open"))
        try await change("red", "isolate", client)
        try await eventually("the stream is cut") {
            try !stream.echoes("still there?", within: .milliseconds(300))
        }
        try await eventually("red is alone") { try await !connects("blue/near", "red/db", lab) }
        #expect(try await connects("red/db", "red/web", lab))

        try await change("green", "global", client)
        try await eventually("everyone reaches green, and green everyone") {
            try await connected([("red/web", "green/web"), ("green/web", "blue/near")], lab) == 2
        }
        #expect(try await !connects("red/web", "blue/web", lab))
    }

    /// Asks, and waits until the controller has taken the request away.
    private func change(_ project: String, _ request: String, _ client: KubernetesClient) async throws {
        try await client.patch(
            NetNamespace.self, project,
            with: .merge(["metadata": ["annotations": [Self.annotation: .string(request)]]]))
        try await eventually("\(project) has what it asked for: \(request)") {
            try await client.get(NetNamespace.self, project).metadata.annotations?[Self.annotation] == nil
        }
    }

    /// How many of the pairs get through.
    private func connected(_ pairs: [(String, String)], _ lab: Lab) async throws -> Int {
        var count = 0
        for (source, target) in pairs where try await connects(source, target, lab) { count += 1 }
        return count
    }

    private func connects(_ source: String, _ target: String, _ lab: Lab) async throws -> Bool {
        try TestSupport.Probe.connect(
            from: try await lab.namespace(of: source),
            to: SocketAddress(try await SuiteLab.address(of: target, lab), port: 8080), timeout: .milliseconds(400))
            == .connected
    }
}
